using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>Lets a model do a synthetic task.</summary>
public static class SyntheticRun
{
    /// <summary>Draws and scores all samples of a length.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention of every sample.</param>
    /// <param name="encoder">Makes ids of prompts.</param>
    /// <param name="task">The task.</param>
    /// <param name="setting">Samples, seed and scoring.</param>
    /// <param name="length">Most tokens of prompt and answer.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <exception cref="UsageException">The length is too short.</exception>
    public static SyntheticResult Measure(Engine engine, AttentionPlan plan, PromptEncoder encoder, SyntheticTask task,
        SyntheticSetting setting, int length, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        List<SyntheticOutcome> outcomes = [];
        for (int i = 0; i < setting.Samples; i++)
        {
            SyntheticSample sample = task.Draw(encoder, length, setting.Seed, i, setting.Predict);
            using TextSession session = engine.Begin(plan, sample.Length);
            PartProgress part = new(progress, i, setting.Samples, sample.Length);
            (double score, string answer) = setting.Scoring == Scoring.Generation
                ? Write(engine, session, sample, part, cancellation)
                : (Prefers(session, sample, part, cancellation) ? 1 : 0, "");
            outcomes.Add(new SyntheticOutcome(i, sample.Prompt.Length, score, answer, sample.References));
        }
        return new SyntheticResult(task.Name, length, outcomes);
    }

    /// <summary>The part of some strings that stand in a text as whole words, whatever their case.</summary>
    public static double Found(string text, IReadOnlyList<string> strings) =>
        (double)strings.Count(wanted => HasWord(text, wanted)) / strings.Count;

    static (double Score, string Answer) Write(Engine engine, TextSession session, SyntheticSample sample, IProgress<int> progress,
        CancellationToken cancellation)
    {
        session.Append(sample.Prompt, progress, cancellation);
        string answer = Answering.Write(engine, session, sample.Predict, _ => false, cancellation);
        return (Found(answer, sample.References), answer);
    }

    static bool Prefers(TextSession session, SyntheticSample sample, IProgress<int> progress, CancellationToken cancellation)
    {
        if (sample.Prompt.Length > 1)
            session.Append(sample.Prompt.AsSpan(0, sample.Prompt.Length - 1), progress, cancellation);
        int[] last = sample.Prompt[^1..];
        double right = Retrieval.NegativeLogLikelihood(session, last, sample.Answer, cancellation);
        return sample.Wrong.All(wrong => right < Retrieval.NegativeLogLikelihood(session, last, wrong, cancellation));
    }

    static bool HasWord(string text, string wanted)
    {
        for (int at = 0; (at = text.IndexOf(wanted, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (at + wanted.Length == text.Length || !char.IsLetterOrDigit(text[at + wanted.Length])))
                return true;
        return false;
    }
}

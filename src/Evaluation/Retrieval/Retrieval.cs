using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Evaluation;

/// <summary>Whether a model finds again what stood in a long text.</summary>
public static class Retrieval
{
    /// <summary>Reads the text once and asks every question.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention.</param>
    /// <param name="prompt">Text and questions.</param>
    /// <param name="scoring">Generation: every id of the answer must be the most probable one.</param>
    /// <param name="progress">Gets the text's tokens done.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <returns>For each question whether the answer was found.</returns>
    public static bool[] Ask(Engine engine, AttentionPlan plan, RetrievalPrompt prompt, Scoring scoring,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        using TextSession session = engine.Begin(plan, prompt.Length);
        session.Append(prompt.Text, progress, cancellation);
        bool[] found = new bool[prompt.Questions.Count];
        for (int i = 0; i < found.Length; i++)
        {
            RetrievalQuestion question = prompt.Questions[i];
            session.Truncate(prompt.Text.Length);
            if (scoring == Scoring.Generation)
                session.Append(question.Ids, null, cancellation);
            found[i] = scoring == Scoring.Generation
                ? Writes(session, question.Answer, cancellation)
                : Prefers(session, question, cancellation);
        }
        return found;
    }

    /// <summary>Whether the model goes on with exactly these ids, greedily.</summary>
    /// <param name="session">Holds the text and its question.</param>
    /// <param name="answer">At least one id.</param>
    /// <param name="cancellation">Looked at before each token.</param>
    public static bool Writes(TextSession session, int[] answer, CancellationToken cancellation = default)
    {
        int matched = 0;
        foreach (int token in TextGenerator.Generate(session, answer.Length, SamplingOptions.Greedy, [], cancellation))
        {
            if (token != answer[matched])
                return false;
            matched++;
        }
        return true;
    }

    /// <summary>
    /// How surprised the model is by an answer after a question: nats, the sum over its ids. The text stays as it was.
    /// </summary>
    /// <param name="session">Holds the text before the question.</param>
    /// <param name="question">At least one id.</param>
    /// <param name="answer">At least one id.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    public static double NegativeLogLikelihood(TextSession session, int[] question, int[] answer,
        CancellationToken cancellation = default)
    {
        int before = session.Length;
        int[] ids = [.. question, .. answer];
        float[] nll = session.Score(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1), null, cancellation);
        session.Truncate(before);
        double sum = 0;
        foreach (float value in nll.AsSpan(question.Length - 1))
            sum += value;
        return sum;
    }

    static bool Prefers(TextSession session, RetrievalQuestion question, CancellationToken cancellation)
    {
        if (question.Wrong.Count == 0)
            throw new UsageException("scoring by likelihood needs wrong answers to compare with: give --candidate "
                + "TEXT.");
        double right = NegativeLogLikelihood(session, question.Ids, question.Answer, cancellation);
        return question.Wrong.All(wrong => right < NegativeLogLikelihood(session, question.Ids, wrong, cancellation));
    }
}

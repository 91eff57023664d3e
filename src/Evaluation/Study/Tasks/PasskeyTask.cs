using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>Passkey retrieval by tokens.</summary>
/// <param name="Trials">Of each length, or of each depth.</param>
/// <param name="Depths">Depths, evenly; null: trial t of N at (t + 0.5) / N.</param>
/// <param name="Keys">Keys by length instead of drawn ones, and the file's mark; null: drawn.</param>
public sealed record PasskeyTask(int Trials, int? Depths, PasskeyKeyFile? Keys) : IStudyTask
{
    public string Kind => "passkey";

    public string Setting => $"passkey trials={Trials}" + (Depths is { } depths ? $" depths={depths}" : "") + (Keys is null ? "" : $" keys={Keys.Mark}");

    public string Title => "Passkey retrieval";

    public bool Draws => Keys is null;

    public StudyMeasure Run(Engine engine, AttentionPlan plan, int length, ulong seed, IProgress<double> progress, CancellationToken cancellation)
    {
        PasskeyPrompt prompts = new(engine.Tokenizer ?? throw new UsageException("passkey needs a model with a tokenizer."));
        IReadOnlyList<PasskeyTrial> trials = prompts.Trials(seed, length, Trials, Depths);
        if (Keys is not null)
            trials = [.. trials.Zip(Keys.Of(length, trials.Count), (trial, key) => trial with { Key = key })];
        return RetrievalMeasure.Of(Passkey.Measure(engine, plan, prompts, length, trials, progress, cancellation));
    }
}

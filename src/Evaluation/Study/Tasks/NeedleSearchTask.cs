using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>Drawn facts in a text, at every depth.</summary>
/// <param name="Text">The haystack; null: the filler of passkey retrieval.</param>
/// <param name="Needle">Facts, depths and trials; its seed is the cell's.</param>
public sealed record NeedleSearchTask(StudyText? Text, NeedleSetting Needle) : IStudyTask
{
    public string Kind => "needle";

    public string Setting => $"needle depths={Needle.Depths} trials={Needle.Trials} needles={Needle.DrawnNeedles} distractors={Needle.DrawnDistractors}"
        + (Text is null ? "" : $" text={Text.Mark}");

    public string Title => $"Needle in {Text?.Name ?? "the filler"}";

    public bool Draws => true;

    public StudyMeasure Run(Engine engine, AttentionPlan plan, int length, ulong seed, IProgress<double> progress, CancellationToken cancellation)
    {
        HaystackPrompts prompts = new(engine.Tokenizer ?? throw new UsageException("needle needs a model with a tokenizer."), Text?.Content);
        return RetrievalMeasure.Of(NeedleSearch.Measure(engine, plan, prompts, Needle with { Seed = seed }, length, progress, cancellation));
    }
}

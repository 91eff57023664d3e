using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation.Study;

/// <summary>Something that a study measures. Its files are read and checked when the study is.</summary>
public interface IStudyTask
{
    /// <summary>"perplexity", "passkey", "needle", "speed" or a synthetic task's name.</summary>
    string Kind { get; }

    /// <summary>Everything that decides the result, with marks of the files' content.</summary>
    string Setting { get; }

    /// <summary>For people: "perplexity of novel.txt".</summary>
    string Title { get; }

    /// <summary>Whether the seed changes the result.</summary>
    bool Draws { get; }

    /// <summary>Measures a cell.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention.</param>
    /// <param name="length">Tokens.</param>
    /// <param name="seed">Draws what is drawn.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <exception cref="ContextExceededException">The device hasn't the memory.</exception>
    /// <exception cref="UsageException">The task can't be done at this length or with this model.</exception>
    StudyMeasure Run(Engine engine, AttentionPlan plan, int length, ulong seed, IProgress<double> progress, CancellationToken cancellation);
}

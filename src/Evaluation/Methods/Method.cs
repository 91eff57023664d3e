using System.Globalization;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>
/// A way to read texts longer than the trained length: an attention mode and a scaling of the rotary frequencies, which follows the
/// text's length, with what a study changes of them.
/// </summary>
/// <param name="Name">As --method has it.</param>
/// <param name="Description">What it does, in a line.</param>
/// <param name="IsChunked">Whether attention is Dual Chunk.</param>
/// <param name="Scaling">How frequencies are scaled; null: as the config says.</param>
public sealed record Method(string Name, string Description, bool IsChunked, RopeKind? Scaling)
{
    /// <summary>Whether chunks are the paper's for the trained length, s = 3c/4 and pmax = c - 1, whatever the config has.</summary>
    public bool HasPaperChunks { get; init; }

    /// <summary>Chunks whose keys a query sees: <see cref="DcaGeometry.VisibleChunks"/>.</summary>
    public int VisibleChunks { get; init; } = int.MaxValue;

    /// <summary>Whether the previous chunk has positions of its own: <see cref="DcaGeometry.HasSuccessive"/>.</summary>
    public bool HasSuccessive { get; init; } = true;

    /// <summary>s in tokens, instead of the method's own.</summary>
    public int? ChunkLength { get; init; }

    /// <summary>pmax, instead of the method's own.</summary>
    public int? MaxPosition { get; init; }

    /// <summary>Tokens that a query sees, itself among them, instead of the config's.</summary>
    public int? Window { get; init; }

    /// <summary>The scaling's factor, instead of the one that follows the length.</summary>
    public double? Factor { get; init; }

    /// <summary>How the softmax is sharpened, instead of the method's own way.</summary>
    public TemperatureMode? Temperature { get; init; }

    /// <summary>
    /// The factor for a text: its length over the trained length, at least 1. Where chunks and scaling are combined, the square root
    /// of that: each stretches by as much as the other, for scaling by all of it would leave the chunks nothing to do.
    /// </summary>
    public double FactorAt(int trained, int length)
    {
        double stretch = Math.Max(1, (double)length / trained);
        return Factor ?? (IsChunked ? Math.Sqrt(stretch) : stretch);
    }

    /// <summary>The attention of a text.</summary>
    /// <param name="config">The model's.</param>
    /// <param name="length">The text's final length, in tokens.</param>
    /// <exception cref="UsageException">A chunk length and largest position that contradict each other.</exception>
    public AttentionPlan Plan(ModelConfig config, int length)
    {
        int trained = config.MaxPositionEmbeddings;
        DcaGeometry paper = DcaGeometry.ForTrainedLength(trained);
        AttentionOptions options = new()
        {
            Mode = IsChunked ? AttentionMode.Dca : AttentionMode.Dense,
            RopeKind = Scaling,
            RopeFactor = Scaling is null ? null : FactorAt(trained, length),
            ChunkLength = ChunkLength ?? (HasPaperChunks ? paper.ChunkLength : null),
            Temperature = Temperature ?? (HasPaperChunks ? TemperatureMode.None : TemperatureMode.Auto),
        };
        AttentionPlan plan = AttentionPlan.Decide(config, options, length);
        DcaGeometry geometry = plan.Geometry with { VisibleChunks = VisibleChunks, HasSuccessive = HasSuccessive, Window = Window ?? plan.Geometry.Window };
        int? largest = MaxPosition ?? (HasPaperChunks && ChunkLength is null ? paper.MaxPosition : null);
        if (largest is { } position)
        {
            long chunk = geometry.ChunkLength;
            if (position < chunk - 1 || position > 2 * chunk - 1)
                throw new UsageException($"--method {this}: pmax is {position}, but with chunks of {chunk} tokens it must be from {chunk - 1} to {2 * chunk - 1}.");
            geometry = geometry with { MaxPosition = position };
        }
        // The notes speak of flags, and of lengths that a comparison chooses knowingly.
        return plan with { Geometry = geometry, Notes = [] };
    }

    /// <summary>The method as it was asked for: its name with what was changed.</summary>
    public override string ToString() => Name
        + (ChunkLength is { } s ? string.Create(CultureInfo.InvariantCulture, $":s={s}") : "")
        + (MaxPosition is { } p ? string.Create(CultureInfo.InvariantCulture, $":pmax={p}") : "")
        + (Window is { } w ? string.Create(CultureInfo.InvariantCulture, $":window={w}") : "")
        + (Factor is { } f ? string.Create(CultureInfo.InvariantCulture, $":factor={f:R}") : "")
        + (Temperature is { } t ? $":temperature={MethodText.NameOf(t)}" : "");

    /// <summary>Reads a name with changes, "dca:s=256:pmax=384".</summary>
    /// <exception cref="UsageException">An unknown name or change, or a change that the method has no use for.</exception>
    public static Method Parse(string text) => MethodText.Parse(text);
}

using System.Globalization;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Attention;

/// <summary>
/// The attention of one text, decided before its first token and never changed inside it: which positions queries and keys take,
/// and the softmax temperature.
/// </summary>
/// <param name="Geometry">Plain or Dual Chunk.</param>
/// <param name="Temperature">tau: what scores are multiplied by besides 1 / sqrt(head size).</param>
/// <param name="Rope">The frequencies of the positions; their temperature is in Temperature.</param>
/// <param name="Notes">What the user should know of the decision, a sentence each.</param>
public sealed record AttentionPlan(DcaGeometry Geometry, double Temperature, RopeScaling Rope, IReadOnlyList<string> Notes)
{
    /// <summary>"dense", or "dca".</summary>
    public string Name => Geometry.IsDense ? "dense" : "dca";

    /// <summary>The name with chunks, bounds, the fastest and slowest wave in radians a token, and the temperature: plans of one model that differ are told apart.</summary>
    public string Description => Name
        + (Geometry.IsDense ? "" : $", chunk {Geometry.ChunkLength}, largest query position {Geometry.MaxPosition}")
        + (Geometry.VisibleChunks == int.MaxValue ? "" : $", visible chunks {Geometry.VisibleChunks}")
        + (Geometry.HasSuccessive ? "" : ", no successive positions")
        + (Geometry.HasWindow ? $", window {Geometry.Window}" : "")
        + string.Create(CultureInfo.InvariantCulture, $", waves {Rope.Frequencies[0]:g6} to {Rope.Frequencies[^1]:g6}, temperature {Temperature:g6}");

    /// <summary>Decides for a text of a final length.</summary>
    /// <param name="config">The model's.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="finalTokens">Prompt and prediction together, or the context size.</param>
    /// <exception cref="UsageException">Flags that contradict each other or the method.</exception>
    public static AttentionPlan Decide(ModelConfig config, AttentionOptions options, int finalTokens)
    {
        List<string> notes = [];
        RopeScaling rope = RopeScaling.For(RopeOf(config, options), config.HeadDim, config.MaxPositionEmbeddings, finalTokens);
        int window = config.Window?.Tokens ?? int.MaxValue;
        bool flags = options.ChunkLength is not null || options.MaxPosition is not null || options.ChunkSize is not null || options.LocalSize is not null;
        int trained = TrainedLength(config, options);
        bool tooLong = finalTokens > trained;
        bool dca = options.Mode switch
        {
            AttentionMode.Dense => false,
            AttentionMode.Dca => true,
            _ => flags || config.DualChunk is not null || tooLong,
        };
        if (!dca)
        {
            if (flags)
                throw new UsageException("--attention dense takes no --dca-… flags: leave them out, or use --attention dca.");
            if (tooLong)
                notes.Add($"{finalTokens} tokens are more than the {trained} that the model was {Made(options)}, and --attention dense was asked for: expect nonsense past them.");
            return new AttentionPlan(DcaGeometry.Dense with { Window = window }, rope.Temperature, rope, notes);
        }

        DualChunkConfig? block = config.DualChunk ?? config.LongDualChunk;
        DcaGeometry geometry = Chunks(block, options, trained, Stretch(options), notes);
        if (options.Mode == AttentionMode.Auto && config.DualChunk is null && !flags)
            notes.Add($"{finalTokens} tokens are more than the {trained} that the model was {Made(options)}: Dual Chunk Attention, "
                + $"chunk {geometry.ChunkLength}, largest position {geometry.MaxPosition}.");
        return new AttentionPlan(geometry with { Window = window }, TemperatureOf(config, block, options, finalTokens) * rope.Temperature, rope, notes);
    }

    /// <summary>
    /// By how much the caller's scaling stretches the trained length: positions are closer by that factor, so chunks may be longer by it.
    /// The dynamic kind follows the text and stretches nothing; nor does what a config says, whose length is the stretched one already.
    /// </summary>
    static double Stretch(AttentionOptions options) =>
        options.RopeKind is RopeKind.Linear or RopeKind.Ntk or RopeKind.Yarn or RopeKind.Llama3 ? options.RopeFactor ?? 1 : 1;

    /// <summary>The length up to which positions are those of training, in tokens.</summary>
    static int TrainedLength(ModelConfig config, AttentionOptions options) => Stretched(config.MaxPositionEmbeddings, Stretch(options));

    /// <summary>A length times a factor, as far as an index goes.</summary>
    static int Stretched(int tokens, double factor) => (int)Math.Min(Math.Floor(tokens * factor), int.MaxValue / 2);

    static string Made(AttentionOptions options) => Stretch(options) > 1 ? "stretched to by --rope-scale" : "trained on";

    /// <summary>The config's rotary parameters with what the flags change.</summary>
    static RopeParameters RopeOf(ModelConfig config, AttentionOptions options)
    {
        RopeParameters rope = config.Rope with { Theta = options.RopeBase ?? config.Rope.Theta };
        if (options.RopeKind is { } kind && kind != rope.Kind)
        {
            if (kind != RopeKind.Default && options.RopeFactor is null)
                throw new UsageException("--rope-scaling needs --rope-scale: by how many times the text is longer than the trained length.");
            rope = new RopeParameters(rope.Theta) { Kind = kind };
        }
        else if (options.RopeFactor is not null && rope.Kind == RopeKind.Default)
            throw new UsageException("--rope-scale needs --rope-scaling: linear, ntk, dynamic, yarn or llama3.");
        return rope with { Factor = options.RopeFactor ?? rope.Factor };
    }

    static DcaGeometry Chunks(DualChunkConfig? block, AttentionOptions options, int trained, double stretch, List<string> notes)
    {
        if (options.ChunkLength is not null && (options.ChunkSize is not null || options.LocalSize is not null))
            throw new UsageException("--dca-chunk (s itself) and --dca-chunk-size/--dca-local-size (as configs have it) say the same thing: give one of them.");
        if (options.LocalSize is not null && options.ChunkSize is null)
            throw new UsageException("--dca-local-size needs --dca-chunk-size: s is their difference.");

        // Where positions are closer by a factor, a query may be as many times further.
        DcaGeometry standard = block is null ? DcaGeometry.ForTrainedLength(trained)
            : new DcaGeometry(Stretched(block.ChunkLength, stretch), Stretched(block.MaxQueryPosition + 1, stretch) - 1);
        long chunk = standard.ChunkLength, largest = standard.MaxPosition;
        if (options.ChunkSize is { } size)
        {
            int local = options.LocalSize ?? block?.LocalSize ?? 0;
            chunk = (long)size - local;
            if (chunk < 1)
                throw new UsageException($"--dca-chunk-size {size} less the local size {local} leaves a chunk of {chunk} tokens: it must be 1 or more.");
            largest = Math.Min(2 * chunk - 1, size);
        }
        else if (options.ChunkLength is { } given)
        {
            if (given < 1)
                throw new UsageException($"--dca-chunk is {given}: it must be 1 token or more.");
            chunk = given;
            largest = Math.Max(chunk - 1, Math.Min(standard.MaxPosition, 2 * chunk - 1));
        }
        if (options.MaxPosition is { } position)
            largest = position;
        if (largest < chunk - 1)
            throw new UsageException($"--dca-max-position is {largest}: with chunks of {chunk} tokens it must be from {chunk - 1} to {2 * chunk - 1}.");
        if (largest > 2 * chunk - 1)
        {
            notes.Add($"--dca-max-position {largest} is above 2 · {chunk} - 1: no query is further than {2 * chunk - 1} from its chunk's keys, so {2 * chunk - 1} is used.");
            largest = 2 * chunk - 1;
        }
        return new DcaGeometry((int)Math.Min(chunk, int.MaxValue - 1), (int)Math.Min(largest, int.MaxValue - 1));
    }

    static double TemperatureOf(ModelConfig config, DualChunkConfig? block, AttentionOptions options, int finalTokens)
    {
        int original = block?.OriginalMaxPositionEmbeddings ?? 0;
        double slope = options.Temperature switch
        {
            TemperatureMode.Qwen or TemperatureMode.ChunkLlama10 => 0.1,
            TemperatureMode.ChunkLlama05 => 0.05,
            TemperatureMode.Auto when original > 0 => 0.1,
            _ => 0,
        };
        if (original <= 0 || options.Temperature is TemperatureMode.ChunkLlama05 or TemperatureMode.ChunkLlama10)
            original = config.MaxPositionEmbeddings;
        double factor = Math.Max(1, slope * Math.Log((double)finalTokens / original) + 1);
        return factor * factor;
    }
}

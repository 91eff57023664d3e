namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>A figure beside an anchor of the same run, and what is wanted of it.</summary>
/// <param name="Figure">Ours.</param>
/// <param name="Anchor">The library's rate; null where it wasn't measured.</param>
/// <param name="Target">The rate that is wanted; null where nothing to derive it from was measured.</param>
public sealed record KernelComparison(KernelFigure Figure, double? Anchor, double? Target)
{
    /// <summary>Dual Chunk over the three calls and a merge of public code: up to 64k tokens, and above.</summary>
    const double DcaShort = 1.9, DcaLong = 1.75;

    /// <summary>Dual Chunk over plain attention of our own, timed in turn.</summary>
    const double DcaOfDense = 0.98;

    const double GemvOfLibrary = 1.15, GemvOfRead = 0.95;

    /// <summary>Quantised weights: one row over what can be read, many rows over our own product of plain weights, timed in turn.</summary>
    const double QgemvOfRead = 0.85, QgemmOfPlain = 0.8;

    /// <summary>One query at 4,096 tokens over the library's; at 32,768 and more of what can be read.</summary>
    const double DecodeShort = 1.7, DecodeOfRead = 0.93;

    /// <summary>Draws a second, from a vocabulary of up to 152k tokens: one in 50 us.</summary>
    const double Draws = 20_000;

    const int ShortDecode = 32_768, ShortDca = 65_536;

    /// <summary>Ours over the anchor.</summary>
    public double? Ratio => Figure.Value / Anchor;

    /// <summary>null where there is no target.</summary>
    public bool? IsMet => Target is { } target ? Figure.Value >= target : null;

    /// <summary>Puts figures of one run beside the anchors of the same.</summary>
    public static IReadOnlyList<KernelComparison> Of(IReadOnlyList<KernelFigure> figures, Anchors? anchors)
    {
        double? read = figures.FirstOrDefault(figure => figure.Group == KernelGroup.Read)?.Value;
        return [.. figures.Select(figure =>
        {
            int tokens = TokensOf(figure.Name);
            double? anchor = anchors?.Find(AnchorOf(figure, tokens));
            double? target = figure.Group switch
            {
                KernelGroup.Read => null,
                KernelGroup.Gemv => Least(GemvOfLibrary * anchor, GemvOfRead * read),
                KernelGroup.Qgemv => QgemvOfRead * read,
                KernelGroup.Qgemm => QgemmOfPlain * figure.Rival,
                KernelGroup.Dca => Most((tokens <= ShortDca ? DcaShort : DcaLong) * anchor, DcaOfDense * figure.Rival),
                KernelGroup.Decode => tokens < ShortDecode ? DecodeShort * anchor : Most(anchor, DecodeOfRead * read),
                KernelGroup.Sampling => Draws,
                _ => anchor,
            };
            return new KernelComparison(figure, anchor, target);
        })];
    }

    /// <summary>The anchor's name: dense attention is held against cuDNN's, DCA against what public code does.</summary>
    static string AnchorOf(KernelFigure figure, int tokens) => figure.Group switch
    {
        KernelGroup.Attention => $"causal attention CUDNN_ATTENTION L={tokens}",
        KernelGroup.Dca => $"dca three calls L={tokens}",
        _ => figure.Name,
    };

    /// <summary>N of "… L=N"; 0 for other names.</summary>
    static int TokensOf(string name) => name.LastIndexOf("L=", StringComparison.Ordinal) is >= 0 and int at ? int.Parse(name.AsSpan(at + 2)) : 0;

    /// <summary>null where one isn't known: the other alone would ask for too much.</summary>
    static double? Least(double? a, double? b) => a is null || b is null ? null : Math.Min(a.Value, b.Value);

    static double? Most(double? a, double? b) => a is null || b is null ? a ?? b : Math.Max(a.Value, b.Value);
}

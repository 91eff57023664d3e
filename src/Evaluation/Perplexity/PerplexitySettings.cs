using System.Globalization;

namespace IlgpuDca.Evaluation;

/// <summary>How perplexity is measured.</summary>
/// <param name="Protocol">How the text is cut.</param>
/// <param name="Stride">Tokens from one window's start to the next; the window protocol takes none.</param>
/// <param name="Buckets">Parts of a window that the curve of nll by position has, at most one for each position.</param>
public sealed record PerplexitySettings(PerplexityProtocol Protocol = PerplexityProtocol.Window, int Stride = PerplexitySettings.StandardStride, int Buckets = 16)
{
    /// <summary>The paper's stride.</summary>
    public const int StandardStride = 256;

    /// <summary>The windows of a text.</summary>
    /// <param name="ids">Ids of the text, the one that begins it included; at least two.</param>
    /// <param name="length">L, in tokens; a shorter text is one window.</param>
    public IReadOnlyList<PerplexityWindow> Windows(int ids, int length)
    {
        if (Protocol == PerplexityProtocol.Window)
        {
            int tokens = Math.Min(length, ids - 1);
            return [.. Enumerable.Range(0, (ids - 1) / tokens).Select(w => new PerplexityWindow(w * tokens, tokens, 0))];
        }
        // L tokens make L - 1 predictions inside the window.
        int inputs = Math.Max(Math.Min(length, ids) - 1, 1);
        int first = Protocol == PerplexityProtocol.Stride ? Math.Max(0, inputs - Stride) : 0;
        return [.. Enumerable.Range(0, (ids - 1 - inputs) / Stride + 1).Select(w => new PerplexityWindow(w * Stride, inputs, first))];
    }

    /// <summary>What results depend on, besides model, text, length and method.</summary>
    public override string ToString() => (Protocol == PerplexityProtocol.Window ? "window" : string.Create(CultureInfo.InvariantCulture,
        $"{(Protocol == PerplexityProtocol.Paper ? "paper" : "stride")}, every {Stride} tokens")) + string.Create(CultureInfo.InvariantCulture, $", {Buckets} buckets");
}

using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>The sizes of an attention benchmark.</summary>
/// <param name="Tokens">L: tokens of the text.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Layout">KV heads and head size.</param>
readonly record struct AttentionSetting(int Tokens, int Heads, KvLayout Layout)
{
    /// <summary>Elements of all queries, and of the output.</summary>
    public long QueryElements => (long)Tokens * Heads * Layout.HeadSize;

    /// <summary>Elements of the keys' pages, and of the values'.</summary>
    public long CacheElements => KvLayout.Pages(Tokens) * Layout.PageElements;

    public float Scale => 1f / MathF.Sqrt(Layout.HeadSize);

    /// <summary>Pages in order.</summary>
    public int[] PageTable() => [.. Enumerable.Range(0, KvLayout.Pages(Tokens))];
}

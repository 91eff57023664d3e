using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>The sizes of an attention benchmark.</summary>
/// <param name="Tokens">L: tokens of the text.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Layout">KV heads and head size.</param>
readonly record struct AttentionSetting(int Tokens, int Heads, KvLayout Layout)
{
    /// <summary>Elements of all queries, and of the output.</summary>
    public long QueryElements => (long)Tokens * Heads * Layout.HeadSize;

    /// <summary>Bytes of the pages of keys and values, plain ones bfloat16.</summary>
    public long CacheBytes(CacheType type) => (long)(KvLayout.Pages(Tokens) * KvLayout.PageTokens * type.TokenBytes(Layout, sizeof(ushort)));

    public float Scale => 1f / MathF.Sqrt(Layout.HeadSize);

    /// <summary>Pages in order.</summary>
    public int[] PageTable() => [.. Enumerable.Range(0, KvLayout.Pages(Tokens))];
}

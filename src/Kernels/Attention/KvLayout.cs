namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// How one layer's keys (or values) lie in memory: pages of 128 tokens, in a page one block for each KV head, in a block a row for
/// each token. Element (token, head, c) of page p is at ((p · KvHeads + head) · 128 + token % 128) · HeadSize + c. A page table
/// gives the page of every 128 tokens of a text.
/// </summary>
public readonly record struct KvLayout(int KvHeads, int HeadSize)
{
    /// <summary>Tokens of a page.</summary>
    public const int PageTokens = 128;

    /// <summary>log2 of <see cref="PageTokens"/>.</summary>
    public const int PageShift = 7;

    /// <summary>Elements of a page of one layer's keys.</summary>
    public long PageElements => (long)KvHeads * PageTokens * HeadSize;

    /// <summary>Pages that a text of this many tokens fills.</summary>
    public static int Pages(int tokens) => (tokens + PageTokens - 1) / PageTokens;

    /// <summary>Where a token's row starts, in kernels.</summary>
    public static long Row(int page, int kvHeads, int head, int token, int headSize) =>
        (((long)page * kvHeads + head) * PageTokens + (token & (PageTokens - 1))) * headSize;
}

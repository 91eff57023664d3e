namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// Who wrote each word of shared memory with plain stores, and whether Tma.Fence has followed: without it the copy engine and the tensor
/// cores of a GPU may read what was there before. Kept in checked launches only.
/// </summary>
sealed class ProxyFences(int threads, long sharedBytes)
{
    const int WordBytes = sizeof(int), FenceBits = 20, FenceMask = (1 << FenceBits) - 1;

    // Writer + 1 above, its fences so far below.
    readonly uint[] _writers = new uint[(sharedBytes + WordBytes - 1) / WordBytes];
    readonly int[] _fences = new int[threads];

    public void Reset() => Array.Clear(_writers);

    public void Fence(int thread) => _fences[thread] = _fences[thread] + 1 & FenceMask;

    /// <summary>A thread writes; what is outside is not recorded.</summary>
    public void Write(int thread, long offset, int bytes)
    {
        if (offset >= 0 && offset + bytes <= sharedBytes)
            Words(offset, bytes).Fill((uint)(thread + 1) << FenceBits | (uint)_fences[thread]);
    }

    /// <summary>The copy engine writes.</summary>
    public void Clear(long offset, int bytes) => Words(offset, bytes).Clear();

    /// <summary>A thread that wrote some of it without a fence since; -1 when none did.</summary>
    public int FindUnfenced(long offset, int bytes)
    {
        if (offset < 0 || offset + bytes > sharedBytes)
            return -1;
        foreach (uint word in Words(offset, bytes))
            if (word != 0 && _fences[(word >> FenceBits) - 1] == (word & FenceMask))
                return (int)(word >> FenceBits) - 1;
        return -1;
    }

    Span<uint> Words(long offset, int bytes)
    {
        int first = (int)(offset / WordBytes), end = (int)((offset + bytes + WordBytes - 1) / WordBytes);
        return _writers.AsSpan(first, end - first);
    }
}

using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>A multiplication of a warpgroup, or the commit of a group of them, as its threads come to it.</summary>
sealed unsafe class Multiplication
{
    /// <summary>Pointers to each thread's sums; 0 until it has come.</summary>
    public readonly nint[] Sums = new nint[WarpgroupProduct.Threads];

    /// <summary>Pointers to each thread's four words of a.</summary>
    public readonly nint[] Words = new nint[WarpgroupProduct.Threads];

    // For each thread whether its sums are kept, then the sums.
    float[] _saved = [];

    /// <summary>Who came first.</summary>
    public Caller Caller { get; private set; }

    /// <summary>Null for a commit.</summary>
    public HopperInfo? Info { get; private set; }

    /// <summary>The descriptor of a; unused for words.</summary>
    public ulong A { get; private set; }

    public ulong B { get; private set; }

    public bool Accumulate { get; private set; }

    /// <summary>What came before it for each thread that has come, where races are looked for.</summary>
    public Clock? Before { get; set; }

    /// <summary>Threads that have come.</summary>
    public int Arrived { get; set; }

    public bool IsComplete => Arrived == WarpgroupProduct.Threads;

    /// <summary>Makes it new for the first thread that comes.</summary>
    public void Begin(Caller caller, HopperInfo? info, ulong a, ulong b, bool accumulate)
    {
        (Caller, Info, A, B, Accumulate, Arrived, Before) = (caller, info, a, b, accumulate, 0, null);
        Array.Clear(Sums);
        Array.Clear(_saved);
    }

    /// <summary>Whether another thread comes to the same.</summary>
    public bool IsSame(Caller caller, ulong a, ulong b, bool accumulate) =>
        Caller.Site == caller.Site && (A, B, Accumulate) == (a, b, accumulate);

    public bool IsPoisoned(int thread) => _saved.Length > 0 && _saved[thread] != 0;

    /// <summary>Keeps a thread's sums and leaves NaN there until <see cref="Restore"/>.</summary>
    public void Poison(int thread)
    {
        int count = Info!.Size / 2;
        if (_saved.Length != count * WarpgroupProduct.Threads + WarpgroupProduct.Threads)
            _saved = new float[count * WarpgroupProduct.Threads + WarpgroupProduct.Threads];
        Span<float> sums = new((void*)Sums[thread], count);
        sums.CopyTo(_saved.AsSpan(WarpgroupProduct.Threads + thread * count));
        sums.Fill(float.NaN);
        _saved[thread] = 1;
    }

    /// <summary>Puts back the sums that were kept.</summary>
    public void Restore()
    {
        int count = Info!.Size / 2;
        for (int thread = 0; thread < WarpgroupProduct.Threads; thread++)
            if (IsPoisoned(thread))
                _saved.AsSpan(WarpgroupProduct.Threads + thread * count, count).CopyTo(new Span<float>((void*)Sums[thread], count));
    }
}

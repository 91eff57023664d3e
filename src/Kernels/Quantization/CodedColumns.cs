using ILGPU;
using IlgpuDca.Kernels.MatMul;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Quantised columns of a product on tensor cores: codes come by copies beside the multiplications, several steps ahead, and each thread
/// turns those of its column into bfloat16 in shared memory, the same as <see cref="Unpack{T, TElement}"/> makes.
/// </summary>
/// <remarks>
/// Shared memory, behind the ring: two tiles, one read while the other is made; then the codes of <see cref="Slots"/> steps. A thread
/// reads only what it has copied itself. A step is 32 weights along k: one or two packs of codes, one or two scales.
/// </remarks>
/// <param name="codes">[columns, inner].</param>
/// <param name="scales">As the layout says.</param>
/// <param name="words">Room for <see cref="ScaleWords"/>: scales of this step and the next.</param>
/// <param name="places">Room for one place in codes and one in scales.</param>
/// <param name="bits">Of a code.</param>
/// <param name="groupShift">log2 of a group.</param>
/// <param name="kind"><see cref="QuantizedLayout.Kind"/>.</param>
readonly struct CodedColumns<TTile>(ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<uint> words, ArrayView<long> places,
    int bits, int groupShift, int kind) : IProductColumns
    where TTile : struct, ITensorCoreTile
{
    /// <summary>Scales of two steps, two of each where groups are of 16.</summary>
    public const int ScaleWords = 4;

    /// <summary>Weights along k of a step.</summary>
    const int Step = 32;

    const int StepPacks = Step / CodeOctet.Count, StepShift = 2;

#if ILGPU_PACKAGE
    /// <summary>Steps whose codes there is room for, a power of two: 48 KiB of shared memory are all that there is.</summary>
    const int Slots = 2;
#else
    /// <summary>
    /// Steps whose codes are on their way, a power of two: with few tokens to an expert memory is what the product waits for.
    /// </summary>
    const int Slots = 8;
#endif

    /// <summary>
    /// No constant to the assembler: only one operand of a permutation may be immediate, and it would move each one's selector to a
    /// register instead.
    /// </summary>
    readonly uint _baseByte = Warp.Shuffle(CodeOctet.BaseByte, 0);

    static int TilePacks => TTile.Columns * StepPacks;

    /// <summary>Packs of codes of a column's step.</summary>
    int CodePacks => bits / 4;

    int SlotPacks => TTile.Columns * CodePacks;

    public static int StagePacks => 0;

    public int OwnPacks => PacksFor(bits);

    /// <summary>Packs of shared memory behind the ring for codes of so many bits.</summary>
    public static int PacksFor(int bits) => 2 * TilePacks + Slots * TTile.Columns * (bits / 4);

    public void Begin(ArrayView<BFloat16x8> own, int columnStart, int columns, int packs)
    {
        long row = IntrinsicMath.Min(columnStart + Group.IdxX, columns - 1);
        places[0] = row * ((packs >> StepShift) * CodePacks);
        places[1] = row * packs * CodeOctet.Count >> groupShift;
        LoadScales(0, 0, packs);
        LoadScales(ScaleWords / 2, StepPacks, packs);
        // What the first calls of Fetch are ahead of.
        for (int slot = 0; slot < Slots - (TTile.Stages - 1); slot++)
            Copy(own, slot * StepPacks, packs);
    }

    public void Fetch(ArrayView<BFloat16x8> stage, int start, ArrayView<BFloat16x8> own, int pack, int packs) =>
        Copy(own, pack + (Slots - (TTile.Stages - 1)) * StepPacks, packs);

    void Copy(ArrayView<BFloat16x8> own, int pack, int packs)
    {
        bool exists = pack < packs;
        long source = places[0] + (exists ? (pack >> StepShift) * CodePacks : 0);
        int slot = Slot(pack) + Group.IdxX;
        for (int part = 0; part < CodePacks; part++)
            TileCopy.Copy(own, slot + part * TTile.Columns, codes.Cast<BFloat16x8>(), source + part, exists);
    }

    public void Make(ArrayView<BFloat16x8> own, int pack, int packs)
    {
        // One after the other, not in a loop: the assembler mixes them with the multiplications.
        ArrayView<CodePack> raw = own.Cast<CodePack>();
        int slot = Slot(pack) + Group.IdxX;
        ArrayView<BFloat16x8> tile = Tile(own, 0, own, pack);
        CodePack first = raw[slot];
        if (bits == 4)
        {
            Make(tile, 0, first.A, 0);
            Make(tile, 1, first.B, 0);
            Make(tile, 2, first.C, 0);
            Make(tile, 3, first.D, 0);
        }
        else
        {
            CodePack second = raw[slot + TTile.Columns];
            Make(tile, 0, first.A, first.B);
            Make(tile, 1, first.C, first.D);
            Make(tile, 2, second.A, second.B);
            Make(tile, 3, second.C, second.D);
        }
        for (int i = 0; i < ScaleWords / 2; i++)
            words[i] = words[ScaleWords / 2 + i];
        LoadScales(ScaleWords / 2, pack + 2 * StepPacks, packs);
    }

    /// <summary>Eight of the thread's 32 weights.</summary>
    void Make(ArrayView<BFloat16x8> tile, int octet, uint low, uint high)
    {
        ArrayView<float> values = LocalMemory.Allocate<float>(CodeOctet.Count);
        CodeOctet.Values(low, high, words[groupShift == 4 ? octet >> 1 : 0], values, bits, kind, _baseByte);
        tile[FragmentTile.InBlock(Group.IdxX, octet)] = new BFloat16x8(
            BFloat16Pair.Pack(values[0], values[1]), BFloat16Pair.Pack(values[2], values[3]),
            BFloat16Pair.Pack(values[4], values[5]), BFloat16Pair.Pack(values[6], values[7]));
    }

    public ArrayView<BFloat16x8> Tile(ArrayView<BFloat16x8> stage, int start, ArrayView<BFloat16x8> own, int pack) =>
        own.SubView((pack >> StepShift & 1) * TilePacks, TilePacks);

    /// <summary>Where a step's codes start.</summary>
    int Slot(int pack) => 2 * TilePacks + (pack >> StepShift & (Slots - 1)) * SlotPacks;

    /// <summary>A step's scales; past the end the last step's.</summary>
    void LoadScales(int first, int pack, int packs)
    {
        int weight = IntrinsicMath.Min(pack, packs - StepPacks) * CodeOctet.Count;
        words[first] = CodeOctet.ScaleWord(scales, places[1] + (weight >> groupShift), kind);
        if (groupShift == 4)
            words[first + 1] = CodeOctet.ScaleWord(scales, places[1] + (weight >> groupShift) + 1, kind);
    }
}

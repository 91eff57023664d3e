using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>
/// Fragments that a warp reads from a tile of rows, to the last bit: as rows, as columns, and turned over.
/// </summary>
static class FragmentChecks
{
    const int Lanes = 32, Rows = 24, RowPacks = 6, Columns = RowPacks * 8, Row = 8, Pack = 4, Words = 12;

    public static IEnumerable<Check> All() => [NewCheck.Of("FragmentTile", Fragments)];

    static void Fragments(Accelerator accelerator, Inputs inputs)
    {
        ushort[] elements = [.. inputs.Permutation(Rows * Columns).Select(value => (ushort)value)];
        BFloat16x8[] packs = [.. elements.Chunk(8).Select(e =>
            new BFloat16x8(Word(e[0], e[1]), Word(e[2], e[3]), Word(e[4], e[5]), Word(e[6], e[7])))];
        using GuardedBuffer<BFloat16x8> source = new(accelerator, packs);
        using GuardedBuffer<uint> found = new(accelerator, Words * Lanes);
        SharedMemoryConfig shared = SharedMemoryConfig.RequestDynamic<BFloat16x8>(FragmentTile.Packs(Rows, RowPacks));
        accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<uint>>(Kernel)(
            accelerator.DefaultStream, new KernelConfig(1, Lanes, shared), source.View, found.View);
        ushort At(int row, int column) => elements[(Row + row) * Columns + Pack * 8 + column];
        uint[] expected = new uint[Words * Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            int g = lane / 4, t = lane % 4;
            for (int k = 0; k < 4; k++)
            {
                (int upper, int left) = (k % 2 * 8, k / 2 * 8);
                expected[k * Lanes + lane] = Word(At(upper + g, left + 2 * t), At(upper + g, left + 2 * t + 1));
                // b's words: the two halves along k of 8 columns, then those of the next 8.
                expected[(4 + k) * Lanes + lane] = Word(At(left + g, upper + 2 * t), At(left + g, upper + 2 * t + 1));
                expected[(8 + k) * Lanes + lane] = Word(At(upper + 2 * t, left + g), At(upper + 2 * t + 1, left + g));
            }
        }
        Compare.Same<uint>("words", found.Read(), expected);
    }

    static uint Word(ushort low, ushort high) => low | (uint)high << 16;

    static void Kernel(ArrayView<BFloat16x8> source, ArrayView<uint> found)
    {
        ArrayView<BFloat16x8> tile = SharedMemory.GetDynamic<BFloat16x8>();
        for (int k = Group.IdxX; k < Rows * RowPacks; k += Lanes)
            TileCopy.Copy(tile, FragmentTile.Place(Rows, k / RowPacks, k % RowPacks), source, k, true);
        TileCopy.Commit();
        TileCopy.Wait(0);
        Group.Barrier();
        FragmentTile.Load(tile, Rows, Row, Pack, out uint a0, out uint a1, out uint a2, out uint a3);
        Write(found, 0, a0, a1, a2, a3);
        FragmentTile.LoadColumns(tile, Rows, Row, Pack, out uint b0, out uint b1, out uint b2, out uint b3);
        Write(found, 4, b0, b1, b2, b3);
        FragmentTile.LoadTransposed(tile, Rows, Row, Pack, out uint v0, out uint v1, out uint v2, out uint v3);
        Write(found, 8, v0, v1, v2, v3);
    }

    static void Write(ArrayView<uint> found, int first, uint x0, uint x1, uint x2, uint x3)
    {
        int lane = Group.IdxX;
        found[first * Lanes + lane] = x0;
        found[(first + 1) * Lanes + lane] = x1;
        found[(first + 2) * Lanes + lane] = x2;
        found[(first + 3) * Lanes + lane] = x3;
    }
}

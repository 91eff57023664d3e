using ILGPU;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>A box of rows of 128 bytes in shared memory whose 16-byte pieces are swizzled.</summary>
static class SwizzledBox
{
    const int RowWords = 32;

    /// <summary>Where a word of a row's piece of 16 bytes lies.</summary>
    public static int Word(int row, int piece, int word) => row * RowWords + ((piece ^ (row & 7)) << 2) + word;

    /// <summary>Writes a thread's float32 sums of 32 columns.</summary>
    public static void WriteFloats(ArrayView<float> sums, ArrayView<uint> box, int row, int pair)
    {
        for (int group = 0; group < 4; group++)
            for (int half = 0; half < 2; half++)
            {
                int word = Word(row + 8 * half, 2 * group + (pair >> 1), (pair & 1) << 1);
                box[word] = Interop.FloatAsInt(sums[4 * group + 2 * half]);
                box[word + 1] = Interop.FloatAsInt(sums[4 * group + 2 * half + 1]);
            }
    }

    /// <summary>Where a word of a piece lies in rows of 64 bytes.</summary>
    public static int NarrowWord(int row, int piece, int word) =>
        row * (RowWords / 2) + ((piece ^ (row >> 1 & 3)) << 2) + word;

    /// <summary>The row of 8 whose pair of columns a lane writes: its first where its column is even.</summary>
    public static int RowAcross(int lane) => lane % 4 * 2 + (lane >> 2 & 1);

    /// <summary>Two rows of this lane's and its neighbour's column become columns of <see cref="RowAcross"/>.</summary>
    public static uint PairAcross(uint rows, int lane) =>
        BytePermute.Of(rows, Warp.ShuffleXor(rows, 4), (lane & 4) == 0 ? 0x5410u : 0x3276u);

    /// <summary>Writes a thread's 4 float32 sums of two columns and two rows; 32 columns to a box.</summary>
    public static void WriteFloatsAcross(ArrayView<float> sums, ArrayView<uint> boxes, int boxWords, int row, int warp)
    {
        int lane = Warp.LaneIdx, start = warp / 2 * boxWords, piece = warp % 2 * 4 + (lane >> 4);
        for (int half = 0; half < 2; half++)
            for (int below = 0; below < 2; below++)
            {
                int word = Word(row + lane % 4 * 2 + below, piece + 2 * half, lane >> 2 & 3);
                boxes[start + word] = Interop.FloatAsInt(sums[2 * half + below]);
            }
    }
}

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
}

using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Joins the parts that decoding groups left in <see cref="DecodingScratch"/>: the group that arrives last weighs them against each other.</summary>
static class DecodingCombine
{
    /// <summary>Threads of a group: one for each part that there can be.</summary>
    public const int GroupSize = DecodingScratch.MaxSplits;

    /// <summary>Most heads that are joined together.</summary>
    const int MostHeads = 8;

    /// <summary>Parts that a thread loads at once, a divisor of the most there can be.</summary>
    const int Loads = 16;

    /// <summary>Called by every thread of every group, after the group wrote its parts.</summary>
    /// <param name="scratch">Row (part · allHeads + head) has headSize weighted sums, the largest exponent, the sum of weights.</param>
    /// <param name="output">[allHeads, headSize].</param>
    /// <param name="groups">How many arrive for these heads.</param>
    /// <param name="parts">Parts that they wrote.</param>
    /// <param name="firstHead">The first of the heads.</param>
    /// <param name="heads">How many they are.</param>
    /// <param name="allHeads">Query heads of the model.</param>
    /// <param name="headSize">Elements of a head.</param>
    public static void Run<T, TElement>(DecodingScratch scratch, ArrayView<T> output, int groups, int parts, int firstHead, int heads, int allHeads, int headSize)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        ArrayView<float> partial = scratch.Partial, factors = SharedMemory.Allocate<float>(MostHeads * DecodingScratch.MaxSplits);
        if (!LastArrival.IsMine(scratch.Arrivals, Grid.IdxY, groups))
            return;

        // A warp per head: what each part counts for, already divided by the sum over all of them.
        int stride = headSize + 2, lane = Group.IdxX & 31;
        for (int h = Group.IdxX >> 5; h < heads; h += GroupSize / 32)
        {
            long row = (firstHead + h) * (long)stride + headSize, step = (long)allHeads * stride;
            float max = float.NegativeInfinity, total = 0f;
            for (int p = lane; p < parts; p += 32)
                max = XMath.Max(max, partial[p * step + row]);
            WarpReduce.Max(ref max);
            for (int p = lane; p < parts; p += 32)
                total += XMath.Exp2(partial[p * step + row] - max) * partial[p * step + row + 1];
            WarpReduce.Sum(ref total);
            for (int p = lane; p < DecodingScratch.MaxSplits; p += 32)
                factors[h * DecodingScratch.MaxSplits + p] = p < parts ? XMath.Exp2(partial[p * step + row] - max) / total : 0f;
        }
        Group.Barrier();

        ArrayView<float> loaded = LocalMemory.Allocate<float>(2 * Loads);
        for (int h = 0; h < heads; h += 2)
        {
            // Two heads at once; where they are odd, the last one twice.
            int other = IntrinsicMath.Min(h + 1, heads - 1);
            for (int c = Group.IdxX; c < headSize; c += GroupSize)
            {
                float sum = 0f, otherSum = 0f;
                for (int first = 0; first < parts; first += Loads)
                {
                    for (int i = 0; i < Loads; i++)
                    {
                        long row = (long)IntrinsicMath.Min(first + i, parts - 1) * allHeads + firstHead;
                        loaded[2 * i] = partial[(row + h) * stride + c];
                        loaded[2 * i + 1] = partial[(row + other) * stride + c];
                    }
                    for (int i = 0; i < Loads; i++)
                    {
                        sum += factors[h * DecodingScratch.MaxSplits + first + i] * loaded[2 * i];
                        otherSum += factors[other * DecodingScratch.MaxSplits + first + i] * loaded[2 * i + 1];
                    }
                }
                output[(long)(firstHead + h) * headSize + c] = default(TElement).Store(sum);
                output[(long)(firstHead + other) * headSize + c] = default(TElement).Store(otherSum);
            }
        }
    }
}

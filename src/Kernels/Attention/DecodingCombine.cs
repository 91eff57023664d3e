using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Joins the parts that decoding groups left in <see cref="DecodingScratch"/>: the group that arrives last weighs them against each other.</summary>
static class DecodingCombine
{
    /// <summary>Threads of a group: one for each part that there can be.</summary>
    public const int GroupSize = DecodingScratch.MaxSplits;

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
        ArrayView<float> partial = scratch.Partial, factors = SharedMemory.Allocate<float>(DecodingScratch.MaxSplits);
        if (!LastArrival.IsMine(scratch.Arrivals, Grid.IdxY, groups))
            return;

        int stride = headSize + 2;
        for (int h = 0; h < heads; h++)
        {
            long head = firstHead + h;
            float max = float.NegativeInfinity, total = 0f;
            if (Group.IdxX < parts)
            {
                max = partial[(Group.IdxX * (long)allHeads + head) * stride + headSize];
                total = partial[(Group.IdxX * (long)allHeads + head) * stride + headSize + 1];
            }
            float factor = XMath.Exp2(max - GroupReduce.Max(max));
            factors[Group.IdxX] = factor;
            total = GroupReduce.Sum(factor * total);
            for (int c = Group.IdxX; c < headSize; c += GroupSize)
            {
                float sum = 0f;
                for (int p = 0; p < parts; p++)
                    sum += factors[p] * partial[(p * (long)allHeads + head) * stride + c];
                output[head * headSize + c] = default(TElement).Store(sum / total);
            }
            Group.Barrier();
        }
    }
}

using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// The thresholds of top-k and top-p, by radix selection: the largest key t so that the tokens with keys from t on count, or weigh,
/// at least what is wanted.
/// </summary>
/// <remarks>
/// Work: 4 launches for 8 bits each, most significant first. A launch sums the tokens that agree in the bits above by their next 8,
/// in shared memory and then in the scratch; the group that is done last chooses the 8 bits. A group's sums are two 32-bit words,
/// for which shared memory has fast atomics: an addition to the lower one that wraps carries into the upper.
/// </remarks>
sealed class SamplerFilter(Accelerator accelerator)
{
    const int GroupSize = 256;

    /// <summary>One for each thread.</summary>
    const int Bins = GroupSize;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, SamplerState, int, int, float> _pass =
        accelerator.LoadKernel<ArrayView<float>, SamplerState, int, int, float>(Pass);

    /// <summary>The tokens of the k largest logits stay; ties with the last of them too.</summary>
    public void TopK(AcceleratorStream stream, KernelConfig config, ArrayView<float> logits, SamplerState state, int k)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
            _pass(stream, config, logits, state, shift, k, 0f);
    }

    /// <summary>Of the tokens that stayed, the most probable stay until their probabilities reach a part of the whole.</summary>
    public void TopP(AcceleratorStream stream, KernelConfig config, ArrayView<float> logits, SamplerState state, float part)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
            _pass(stream, config, logits, state, shift, 0, part);
    }

    static void Pass(ArrayView<float> logits, SamplerState state, int shift, int k, float part)
    {
        LaunchOverlap.Begin();
        ArrayView<uint> low = SharedMemory.Allocate<uint>(Bins), high = SharedMemory.Allocate<uint>(Bins);
        int bin = Group.IdxX;
        low[bin] = 0;
        high[bin] = 0;
        Group.Barrier();

        uint least = (uint)state.Words[SamplerState.Threshold], prefix = shift == 24 ? 0u : (uint)state.Words[SamplerState.Prefix];
        uint mask = shift == 24 ? 0u : 0xFFFFFFFFu << (shift + 8);
        float max = SortKey.Value((uint)(state.Words[SamplerState.Best] >> 32));
        int stride = Grid.DimX * GroupSize;
        for (int first = Grid.IdxX * GroupSize + Group.IdxX; first < logits.IntLength; first += LogitBatch.Count * stride)
        {
            ArrayView<float> loaded = LogitBatch.Load(logits, first, stride, logits.IntLength);
            for (int i = 0; i < LogitBatch.Count; i++)
            {
                uint key = SortKey.Of(loaded[i]);
                if (first + i * stride >= logits.IntLength || key < least || (key & mask) != prefix)
                    continue;
                int target = (int)((key >> shift) & 0xFF);
                if (k > 0)
                {
                    Atomic.Add(ref low[target], 1u);
                    continue;
                }
                ulong weight = SamplerDraw.Weight(loaded[i], max, 1f);
                uint before = Atomic.Add(ref low[target], (uint)weight);
                uint carry = before + (uint)weight < before ? 1u : 0u;
                Atomic.Add(ref high[target], (uint)(weight >> 32) + carry);
            }
        }
        Group.Barrier();
        ulong sum = ((ulong)high[bin] << 32) + low[bin];
        if (sum != 0)
            Atomic.Add(ref state.Words[SamplerState.Histogram + bin], sum);
        if (LastArrival.IsMine(state.Arrivals, 0, Grid.DimX))
            Choose(state, shift, prefix, least, k, part);
    }

    /// <summary>The highest bin at which the sums from the top on reach what is wanted; bin 0 where they never do.</summary>
    static void Choose(SamplerState state, int shift, uint prefix, uint least, int k, float part)
    {
        int bin = Group.IdxX;
        ulong own = state.Words[SamplerState.Histogram + bin];
        ulong above = GroupScan.Before(own, out ulong total);
        above = total - above - own;
        state.Words[SamplerState.Histogram + bin] = 0;
        ulong wanted = state.Words[SamplerState.Wanted];
        if (shift == 24)
        {
            // At least one unit, so that the most probable token always stays.
            wanted = k > 0 ? (ulong)k : (ulong)((double)total * part);
            wanted = wanted > 0 ? wanted : 1;
        }
        // Everyone has read the words before one thread changes them.
        Group.Barrier();
        if (above >= wanted || bin > 0 && above + own < wanted)
            return;
        prefix |= (uint)bin << shift;
        state.Words[SamplerState.Wanted] = wanted - above;
        state.Words[SamplerState.Prefix] = prefix;
        if (shift == 0)
            state.Words[SamplerState.Threshold] = prefix > least ? prefix : least;
    }
}

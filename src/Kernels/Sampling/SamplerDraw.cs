using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// The draw itself: the token at which the weights of those that stay, added up in the vocabulary's order, pass a random part of
/// their total.
/// </summary>
/// <remarks>
/// Work: each group adds up the weights of its run of the vocabulary; the group that is done last finds the run in which the random
/// part falls, and goes through that run once more. Traffic: the logits once, and one run again.
/// </remarks>
sealed class SamplerDraw(Accelerator accelerator)
{
    const int GroupSize = 256;

    /// <summary>What a weight of 1 is as an integer: 2^40. 2^23 tokens of weight 1 fit into 64 bits.</summary>
    const float WeightUnit = 1099511627776f;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, SamplerState, float, float, ulong> _kernel =
        accelerator.LoadKernel<ArrayView<float>, SamplerState, float, float, ulong>(Kernel);

    public void Run(AcceleratorStream stream, KernelConfig config, ArrayView<float> logits, SamplerState state, in SamplingOptions options) =>
        _kernel(stream, config, logits, state, 1f / options.Temperature, options.MinP, options.Seed);

    /// <summary>A logit's weight relative to the largest one's, 2^40.</summary>
    public static ulong Weight(float logit, float max, float inverseTemperature) => (ulong)(XMath.Exp((logit - max) * inverseTemperature) * WeightUnit);

    /// <summary>One thread: the token is put behind the text, where the host can see it too, and the scratch made ready for the next draw.</summary>
    public static void Finish(SamplerState state, int token)
    {
        int place = state.Position[0] + 1;
        state.History[place] = token;
        state.Position[0] = place;
        if (state.Ring.Length != 0)
            state.Ring[place % state.Ring.IntLength] = token;
        state.Words[SamplerState.Best] = 0;
        state.Words[SamplerState.Threshold] = 0;
    }

    static void Kernel(ArrayView<float> logits, SamplerState state, float inverseTemperature, float minP, ulong seed)
    {
        LaunchOverlap.Begin();
        float max = SortKey.Value((uint)(state.Words[SamplerState.Best] >> 32));
        uint threshold = (uint)state.Words[SamplerState.Threshold];
        if (minP > 0f)
        {
            uint least = SortKey.Of(max + XMath.Log(minP));
            threshold = least > threshold ? least : threshold;
        }
        int run = (logits.IntLength - 1) / Grid.DimX + 1;
        ulong own = RunWeight(logits, Grid.IdxX, run, threshold, max, inverseTemperature);
        GroupScan.Before(own, out ulong sum);
        if (Group.IdxX == 0)
            state.Words[SamplerState.Parts + Grid.IdxX] = sum;
        if (LastArrival.IsMine(state.Arrivals, 0, Grid.DimX))
            Pick(logits, state, run, threshold, max, inverseTemperature, seed);
    }

    static void Pick(ArrayView<float> logits, SamplerState state, int run, uint threshold, float max, float inverseTemperature, ulong seed)
    {
        ArrayView<ulong> found = SharedMemory.Allocate<ulong>(2);
        // No thread's part holds the target where no weight is above zero.
        if (Group.IdxX == 0)
            found[0] = found[1] = 0;
        ulong part = Group.IdxX < Grid.DimX ? state.Words[SamplerState.Parts + Group.IdxX] : 0UL;
        ulong before = GroupScan.Before(part, out ulong total);
        ulong target = MultiplyHigh(Philox.Next(seed, (ulong)(state.Position[0] + 1)), total);
        if (target >= before && target < before + part)
        {
            found[0] = (ulong)Group.IdxX;
            found[1] = before;
        }
        Group.Barrier();
        int chosen = (int)found[0];
        ulong own = RunWeight(logits, chosen, run, threshold, max, inverseTemperature);
        before = found[1] + GroupScan.Before(own, out _);
        // Everyone has read the position before one thread moves it.
        Group.Barrier();
        if (target < before || target >= before + own)
            return;
        int first = First(logits, chosen, run), end = End(logits, chosen, run, first);
        for (int v = first; v < end; v++)
        {
            if (SortKey.Of(logits[v]) < threshold)
                continue;
            before += Weight(logits[v], max, inverseTemperature);
            if (target < before)
            {
                Finish(state, v);
                return;
            }
        }
    }

    /// <summary>The weights of this thread's tokens in a group's run: neighbours, so that threads are in the vocabulary's order.</summary>
    static ulong RunWeight(ArrayView<float> logits, int group, int run, uint threshold, float max, float inverseTemperature)
    {
        int first = First(logits, group, run), end = End(logits, group, run, first);
        ulong sum = 0;
        for (int start = first; start < end; start += LogitBatch.Count)
        {
            ArrayView<float> loaded = LogitBatch.Load(logits, start, 1, end);
            for (int i = 0; i < LogitBatch.Count; i++)
                if (start + i < end && SortKey.Of(loaded[i]) >= threshold)
                    sum += Weight(loaded[i], max, inverseTemperature);
        }
        return sum;
    }

    static int PerThread(int run) => (run - 1) / GroupSize + 1;

    static int First(ArrayView<float> logits, int group, int run) => IntrinsicMath.Min(group * run + IntrinsicMath.Min(Group.IdxX * PerThread(run), run), logits.IntLength);

    static int End(ArrayView<float> logits, int group, int run, int first) =>
        IntrinsicMath.Min(IntrinsicMath.Min(first + PerThread(run), (group + 1) * run), logits.IntLength);

    /// <summary>floor(a · b / 2^64): a as a fraction of b, below b.</summary>
    static ulong MultiplyHigh(ulong a, ulong b)
    {
        ulong aLow = (uint)a, aHigh = a >> 32, bLow = (uint)b, bHigh = b >> 32;
        ulong middle = aHigh * bLow + ((aLow * bLow) >> 32);
        ulong other = aLow * bHigh + (uint)middle;
        return aHigh * bHigh + (middle >> 32) + (other >> 32);
    }
}

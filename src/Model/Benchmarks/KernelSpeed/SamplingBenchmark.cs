using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// Drawing a token from the logits of a vocabulary, with every filter of the default options and a repetition penalty; on CUDA as the
/// decode step has it, in a graph. Draws count.
/// </summary>
sealed class SamplingBenchmark : KernelBenchmark
{
    /// <summary>What logits of random weights spread by.</summary>
    const float Deviation = 3f;

    static readonly SamplingOptions s_options = new() { RepeatPenalty = 1.1f };

    readonly List<StepLauncher> _draws = [];

    /// <param name="device">Where.</param>
    /// <param name="vocabulary">Logits.</param>
    public SamplingBenchmark(ComputeDevice device, int vocabulary)
        : base(device, KernelGroup.Sampling, NameOf(vocabulary), 1, sizeof(float) * (long)vocabulary)
    {
        Sampler sampler = new(Accelerator);
        RandomNormal<float, Float32Element> random = new(Accelerator);
        // A draw goes one place on in the text, which has to be long enough for all.
        SamplerState state = new(Allocate<int>(KernelTimer.MostLaunches(Inputs) + 2), Allocate<int>(1), ArrayView<int>.Empty,
            Allocate<ulong>(SamplerState.WordCount), Allocate<int>(1));
        state.History.MemSetToZero(device.Stream);
        state.Position.MemSetToZero(device.Stream);
        state.Words.MemSetToZero(device.Stream);
        state.Arrivals.MemSetToZero(device.Stream);
        for (int i = 0; i < Inputs; i++)
        {
            ArrayView<float> logits = Allocate<float>(vocabulary);
            random.Run(device.Stream, logits, (ulong)i, 0f, Deviation);
            _draws.Add(new StepLauncher(device.Stream, (_, options) => sampler.Run(device.Stream, logits, state, options)));
        }
    }

    /// <summary>How a vocabulary's benchmark is called.</summary>
    public static string NameOf(int vocabulary) => $"sampling V={vocabulary}";

    public override void Launch(AcceleratorStream stream, int input) => _draws[input].Launch(1, s_options);

    public override void Dispose()
    {
        foreach (StepLauncher draw in _draws)
            draw.Dispose();
        base.Dispose();
    }
}

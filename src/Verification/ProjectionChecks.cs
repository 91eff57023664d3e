using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>The bias that some architectures have behind attention's output projection.</summary>
static class ProjectionChecks
{
    public static IEnumerable<Check> All()
    {
        foreach ((int tokens, int hidden) in new[] { (1, 1), (3, 255), (4, 256), (2, 777) })
            yield return NewCheck.Of($"AddBias {tokens} x {hidden}", (accelerator, inputs) => AddBias(accelerator, inputs, tokens, hidden));
    }

    static void AddBias(Accelerator accelerator, Inputs inputs, int tokens, int hidden)
    {
        float[] residual = inputs.Normal((long)tokens * hidden), bias = inputs.Normal(hidden);
        using GuardedBuffer<float> deviceResidual = new(accelerator, residual), deviceBias = new(accelerator, bias);
        new AddBias(accelerator).Run(accelerator.DefaultStream, deviceResidual.View, deviceBias.View);
        Compare.Same<float>("residual", deviceResidual.Read(), [.. residual.Select((value, i) => value + bias[i % hidden])]);
    }
}

using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>Random biases and gains of heads on a device, between guards, and what they make of a head in double precision.</summary>
sealed class GuardedHeadWeights : IDisposable
{
    /// <summary>Larger than a model's, so that even bfloat16 tells whether it was added.</summary>
    const float Epsilon = 0.05f;

    readonly AttentionShape _shape;
    readonly float[] _bias, _gains;
    readonly GuardedBuffer<float> _deviceBias, _deviceGains;

    public GuardedHeadWeights(Accelerator accelerator, Inputs inputs, AttentionShape shape, HeadTraits traits)
    {
        _shape = shape;
        _bias = traits.IsBiased ? inputs.Normal(shape.Width) : [];
        _gains = traits.IsNormed ? inputs.Normal(2 * shape.HeadSize, 0.3, 1) : [];
        _deviceBias = new GuardedBuffer<float>(accelerator, _bias);
        _deviceGains = new GuardedBuffer<float>(accelerator, _gains);
    }

    public HeadWeights View => new(_deviceBias.View, _deviceGains.View, Epsilon);

    /// <summary>
    /// A head in front of its rotation. A biased element has one rounding of its own; squares double it, and the root of their mean
    /// halves it again.
    /// </summary>
    /// <param name="stored">As the projection left it.</param>
    /// <param name="head">Which, of queries, keys and values in turn.</param>
    public ReferenceHead Of(double[] stored, int head)
    {
        int size = _shape.HeadSize;
        double[] x = [.. stored.Select((value, c) => value + (_bias.Length != 0 ? _bias[head * size + c] : 0))];
        double rounding = _bias.Length != 0 ? Tolerance.U : 0;
        if (_gains.Length != 0 && head < _shape.Heads + _shape.KvHeads)
        {
            double divisor = Math.Sqrt(x.Sum(value => value * value) / size + Epsilon);
            for (int c = 0; c < size; c++)
                x[c] = x[c] / divisor * _gains[(head < _shape.Heads ? 0 : size) + c];
            rounding = 1.01 * (2 * rounding + Tolerance.RmsNorm(size));
        }
        return new ReferenceHead(x, [.. x.Select(value => Math.Abs(value) * rounding)]);
    }

    public void Dispose()
    {
        _deviceBias.Dispose();
        _deviceGains.Dispose();
    }
}

using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>A matrix of all experts on the device, and what its products are in double precision.</summary>
sealed class ExpertWeights<T> : IDisposable
    where T : unmanaged
{
    readonly IDisposable[] _owned;

    ExpertWeights(WeightMatrix<T> view, MatrixReference reference, params IDisposable[] owned) => (View, Reference,
        _owned) = (view, reference, owned);

    public WeightMatrix<T> View { get; }

    public MatrixReference Reference { get; }

    /// <summary>Random weights: plain, or as codes that few tokens multiply as they are and many unpack.</summary>
    /// <param name="accelerator">Where.</param>
    /// <param name="inputs">Where they come from.</param>
    /// <param name="layout">null: plain.</param>
    /// <param name="rows">Of all experts.</param>
    /// <param name="inner">Elements of a row.</param>
    /// <param name="areFew">Whether tokens are few.</param>
    /// <param name="terms">Weights that a sum of few tokens goes over.</param>
    /// <param name="gamma">Relative error of a plain product's sum.</param>
    public static ExpertWeights<T> Random<TElement>(Accelerator accelerator, Inputs inputs, QuantizedLayout? layout,
        int rows, int inner, bool areFew, int terms, double gamma)
        where TElement : struct, IElement<T>
    {
        if (layout is null)
        {
            T[] weights = Stored<T, TElement>.Round(inputs.Normal((long)rows * inner, 0.3));
            GuardedBuffer<T> buffer = new(accelerator, weights);
            return new(new WeightMatrix<T>(buffer.View), MatrixReference.Plain(Stored<T, TElement>.Values(weights),
                inner, gamma), buffer);
        }
        QuantizedData data = new(inputs, layout.Value, rows, inner);
        GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
        GuardedBuffer<Half> scales = new(accelerator, data.Scales);
        return new(new WeightMatrix<T>(default, [new QuantizedMatrix(codes.View, scales.View, data.Layout)]),
            areFew ? MatrixReference.Codes(data, terms) : MatrixReference.Unpacked<T>(data, gamma), codes, scales);
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in _owned)
            buffer.Dispose();
    }
}

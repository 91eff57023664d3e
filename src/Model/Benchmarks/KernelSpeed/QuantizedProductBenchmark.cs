using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Model.Benchmarks.Speed;
using Half = ILGPU.Half;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// c = a · wᵀ with w as a model has it in a quantised format, c rounded to bf16: operations count for many rows, the
/// bytes of codes and scales for one.
/// </summary>
sealed class QuantizedProductBenchmark : KernelBenchmark
{
    readonly UnpackedWeights<BFloat16, BFloat16Element> _unpacked;
    readonly WeightProducts<BFloat16, BFloat16Element, BFloat16x8> _products;
    readonly MatMulShape _shape;
    readonly MatMulBFloat16 _plain;
    readonly ArrayView<BFloat16>[] _a, _plainW;
    readonly WeightMatrix<BFloat16>[] _w;
    readonly ArrayView<BFloat16> _c;

    /// <param name="device">Where.</param>
    /// <param name="format">One of <see cref="ModelShapes.Quantizations"/>.</param>
    /// <param name="shape">The product's sizes.</param>
    public QuantizedProductBenchmark(ComputeDevice device, string format, MatMulShape shape)
        : base(device, shape.Rows == 1 ? KernelGroup.Qgemv : KernelGroup.Qgemm, NameOf(format, shape), shape.Rows == 1
        ? Bytes(format, shape) : 2d * shape.Rows * shape.Columns * shape.Inner, Bytes(format, shape)
        + 2L * shape.Rows * shape.Inner)
    {
        _shape = shape;
        _unpacked = new(Accelerator);
        _plain = new(Accelerator);
        _products = new(Accelerator, _plain, _unpacked);
        long weights = (long)shape.Columns * shape.Inner;
        _a = Random((long)shape.Rows * shape.Inner);
        RandomQuantized random = new(Accelerator);
        QuantizedLayout layout = ModelShapes.Layout(format)!.Value;
        _w = [.. Enumerable.Range(0, Inputs).Select(input =>
        {
            QuantizedMatrix matrix = new(Allocate<CodePack>(weights / layout.PackWeights),
                Allocate<Half>(layout.ScaleCount(weights)), layout);
            random.Run(device.Stream, matrix, (ulong)input, 1f);
            return new WeightMatrix<BFloat16>(ArrayView<BFloat16>.Empty, [matrix]);
        })];
        _c = Allocate<BFloat16>((long)shape.Rows * shape.Columns);
        _plainW = shape.Rows > 1 ? Random(weights) : [];
        if (shape.Rows > 1)
            _unpacked.Reserve(new UnpackingRoom(weights, 0));
    }

    /// <inheritdoc/>
    /// <remarks>Many rows are held against plain weights.</remarks>
    public override Action<AcceleratorStream, int>? Rival =>
        _plainW.Length == 0 ? null : (stream, input) => _plain.Narrow(stream, _a[input], _plainW[input], _c, _shape);

    /// <summary>"qgemm FORMAT MxNxK", or "qgemv FORMAT NxK" for one row.</summary>
    public static string NameOf(string format, MatMulShape shape) => shape.Rows == 1
        ? $"qgemv {format} {shape.Columns}x{shape.Inner}"
        : $"qgemm {format} {shape.Rows}x{shape.Columns}x{shape.Inner}";

    public override void Launch(AcceleratorStream stream, int input) => _products.Narrow(stream, _a[input], _w[input],
        _c, _shape);

    public override void Dispose()
    {
        base.Dispose();
        _unpacked.Dispose();
    }

    static long Bytes(string format, MatMulShape shape)
    {
        QuantizedLayout layout = ModelShapes.Layout(format)!.Value;
        long weights = (long)shape.Columns * shape.Inner;
        return layout.CodeBytes(weights) + layout.ScaleCount(weights) * sizeof(ushort);
    }
}

using System.Runtime.InteropServices;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>
/// Operands of products of 8-bit floats that nothing is rounded of: quarters up to 1.75 times powers of two that differ from
/// block to block, the largest in every block of a, so that its scale is a power of two as well.
/// </summary>
sealed class Float8Operands
{
    const int Block = Float8RowsReference.Block;

    public Float8Operands(Inputs inputs, MatMulShape shape, QuantizedLayout layout)
    {
        (Shape, Layout) = (shape, layout);
        float[] a = Quarters(inputs, shape.Rows * shape.Inner), w = Quarters(inputs, shape.Columns * shape.Inner);
        float[] aSizes = Powers(inputs, a.Length / Block), scales = Powers(inputs, w.Length / Block);
        for (int block = 0; block < aSizes.Length; block++)
            a[block * Block + block % Block] = 1.75f;
        byte[] codes = Array.ConvertAll(w, value => (byte)Enumerable.Range(0, 256).First(code =>
            code % 128 != 127 && Float8RowsReference.Number(code) == value));
        Product = new float[shape.Rows * shape.Columns];
        for (int i = 0; i < Product.Length; i++)
        {
            int row = i / shape.Columns * shape.Inner, column = i % shape.Columns * shape.Inner;
            double sum = 0;
            for (int k = 0; k < shape.Inner; k++)
                sum += a[row + k] * aSizes[(row + k) / Block] * w[column + k] * scales[(column + k) / Block];
            Product[i] = (float)sum;
        }
        A = new BFloat16[a.Length];
        for (int i = 0; i < a.Length; i++)
            A[i] = BFloat16.FromFloat(a[i] * aSizes[i / Block]);
        Codes = MemoryMarshal.Cast<byte, CodePack>(codes).ToArray();
        Scales = MemoryMarshal.Cast<float, Half>(scales).ToArray();
    }

    public MatMulShape Shape { get; }

    public QuantizedLayout Layout { get; }

    /// <summary>[rows, inner].</summary>
    public BFloat16[] A { get; }

    public CodePack[] Codes { get; }

    public Half[] Scales { get; }

    /// <summary>[rows, columns], exact.</summary>
    public float[] Product { get; }

    static float[] Quarters(Inputs inputs, int count) =>
        Array.ConvertAll(inputs.Integers(count, 15), number => (number - 7) / 4f);

    static float[] Powers(Inputs inputs, int count) =>
        Array.ConvertAll(inputs.Integers(count, 3), exponent => MathF.ScaleB(0.5f, exponent));
}

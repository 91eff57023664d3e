using ILGPU;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>A quantised matrix [rows, inner] on a device.</summary>
/// <param name="Codes">As <see cref="QuantizedLayout"/> says.</param>
/// <param name="Scales">Half precision, with offsets where the layout has them.</param>
/// <param name="Layout">How both are to be read.</param>
public readonly record struct QuantizedMatrix(ArrayView<CodePack> Codes, ArrayView<Half> Scales, QuantizedLayout Layout)
{
    /// <summary>How many weights it has.</summary>
    public long Weights => Codes.Length * Layout.PackWeights;

    /// <summary>Some of its rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="inner">Weights of a row.</param>
    public QuantizedMatrix Rows(int first, int rows, int inner) => this with
    {
        Codes = Codes.SubView((long)first * inner / Layout.PackWeights, (long)rows * inner / Layout.PackWeights),
        Scales = Scales.SubView(Layout.ScaleCount((long)first * inner), Layout.ScaleCount((long)rows * inner)),
    };

    /// <summary>Throws where this is no matrix of these sizes.</summary>
    /// <exception cref="ArgumentException">Names the elements and what they should be.</exception>
    public void Check(long rows, int inner)
    {
        Layout.Check();
        if (!Layout.Fits(inner) || Weights != rows * inner || Scales.Length != Layout.ScaleCount(rows * inner))
            throw new ArgumentException($"QuantizedMatrix: {Codes.Length} packs of codes and {Scales.Length} scales in "
                + $"{Layout}; {rows} rows of {inner} need {rows * inner / Layout.PackWeights} and "
                + $"{Layout.ScaleCount(rows * inner)}, the rows whole groups and a multiple of "
                + $"{QuantizedLayout.RowUnit}, at most {QuantizedLayout.LongestRow}.");
    }
}

using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>c = a · wᵀ in double precision, with the sum of magnitudes that its error is measured by.</summary>
static class MatMulReference
{
    public static (double[] Product, double[] Magnitude) Of(double[] a, double[] w, MatMulShape shape)
    {
        double[] product = new double[shape.Rows * shape.Columns], magnitude = new double[product.Length];
        for (int m = 0; m < shape.Rows; m++)
            for (int n = 0; n < shape.Columns; n++)
                for (int k = 0; k < shape.Inner; k++)
                {
                    double term = a[m * shape.Inner + k] * w[n * shape.Inner + k];
                    product[m * shape.Columns + n] += term;
                    magnitude[m * shape.Columns + n] += Math.Abs(term);
                }
        return (product, magnitude);
    }
}

using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>
/// How far a right kernel can be from the reference: bounds of rounding error analysis, none of them tuned.
/// </summary>
/// <remarks>
/// u = 2^-24 is the unit roundoff of float32: fl(a op b) = (a op b)(1 + d), |d| &lt;= u. A chain of n roundings has a relative error
/// of at most gamma(n) = n u / (1 - n u) (Higham, Accuracy and Stability of Numerical Algorithms, lemma 3.1). A sum of n products,
/// in any order, fused or not, passes each product through at most n roundings, so its error is at most gamma(n) · sum |a b|;
/// a sum of terms that are all positive has that as its relative error. The reference's own error in double is 2^29 times smaller.
/// bfloat16 has 8 bits of significand, so rounding to it moves a value by at most half the spacing there, 2^-8 of the value at worst.
/// </remarks>
static class Tolerance
{
    /// <summary>Unit roundoff of float32.</summary>
    public const double U = 1.0 / (1 << 24);

    /// <summary>The same of bfloat16.</summary>
    public const double BFloat16U = 1.0 / (1 << 8);

    /// <summary>
    /// Relative error of ex2.approx and rsqrt.approx, 2 ulp: an ulp is at most 2u of the value. The PTX manual gives 2^-22 for both
    /// (4u), and the CPU's twins are within 1.5 ulp.
    /// </summary>
    public const double Approximation = 4 * U;

    /// <summary>Error of lg2.approx as the PTX manual gives it: absolute for arguments from 1/2 to 2, relative outside.</summary>
    const double Logarithm = 4 * U;

    /// <summary>Silu of a gate so negative that e^-gate overflows: |gate| e^gate &lt; 89 · 2^-128.</summary>
    public const double SiluUnderflow = 89.0 / (1L << 62) / (1L << 62) / 16;

    /// <summary>Relative error of n roundings in a row.</summary>
    public static double Gamma(double n) => n * U / (1 - n * U);

    /// <summary>
    /// Relative error, of sum |a b|, of a sum of n products on tensor cores. They add the 16 products of a step and the sum so far
    /// after aligning them to the largest, chopped to 24 bits: each of 17 addends and the result loses up to 2^-23 = 2u of what
    /// sum |a b| bounds.
    /// </summary>
    public static double TensorCoreGamma(int n) => Gamma(2 * 18 * ((n + 15) / 16) + n);

    /// <summary>Half the spacing of the storage type at |value| + bound; nothing for float32, whose last rounding the bounds count.</summary>
    public static double Storage<T>(double value, double bound)
    {
        if (typeof(T) != typeof(BFloat16))
            return bound;
        double magnitude = Math.Abs(value) + bound;
        // Below 2^-126 the spacing no longer shrinks.
        int exponent = magnitude == 0 ? -126 : Math.Max(Math.ILogB(magnitude), -126);
        return bound + Math.ScaleB(1, exponent - 8);
    }

    /// <summary>
    /// RMSNorm, relative: the sum of squares has gamma(n), division and epsilon two more roundings, of which the root takes half;
    /// then rsqrt and two products.
    /// </summary>
    public static double RmsNorm(int hidden) => Gamma(hidden + 2) / 2 + Approximation + Gamma(3);

    /// <summary>
    /// SwiGLU, relative: e^-z is 2^(-z log2 e), whose exponent has two roundings (the constant, the product), so it is off by
    /// 2u |z| and by ex2's error; that weighs e^-z / (1 + e^-z) in the denominator; addition, division, product are three more.
    /// </summary>
    public static double SwiGlu(double gate)
    {
        double share = 1 / (1 + Math.Exp(gate));
        return share * (2.1 * U * Math.Abs(gate) + Approximation) + Gamma(4);
    }

    /// <summary>
    /// A rotated component x cos - y sin: the table's rounding, the product's, the sum's, and the angle in double, which is off by
    /// some 2^-51 of itself.
    /// </summary>
    public static double Rotation(double x, double y, int position) => (Math.Abs(x) + Math.Abs(y)) * (Gamma(4) + position * Math.ScaleB(1, -50));

    /// <summary>
    /// Negative log-likelihood, absolute. A term e^d, d = logit - max, has three roundings in its exponent (difference, constant,
    /// product) and ex2's error; n terms are summed; lg2 and its scaling follow, then two additions.
    /// </summary>
    /// <param name="vocabulary">Terms of the sum.</param>
    /// <param name="exponents">Mean of |d|, weighed by the terms.</param>
    /// <param name="logSum">log of the sum of e^d, at least 0.</param>
    /// <param name="max">The largest logit.</param>
    /// <param name="target">The target's logit.</param>
    public static double NegativeLogLikelihood(int vocabulary, double exponents, double logSum, double max, double target)
    {
        double sum = 3.1 * U * exponents + Approximation + Gamma(vocabulary);
        double logarithm = Logarithm * Math.Max(Math.Log(2), logSum) + 3 * U * logSum;
        return 1.01 * (sum + logarithm + U * Math.Abs(logSum + max) + U * Math.Abs(logSum + max - target));
    }

    /// <summary>
    /// Attention, relative to sum p |v|. Weights are off by the error of their score (dot product of headSize, times a rounded
    /// scale · log2 e: two constants, two products), by the rounding of score - maximum (of at most the row's range), and, at each of
    /// the steps where the maximum may move, by that difference's rounding (the moves add up to at most the range), ex2 and one
    /// product. Numerator and total are each a sum of keys terms with these weights; a division and a product end it.
    /// </summary>
    /// <param name="headSize">Elements of a head.</param>
    /// <param name="keys">Keys of the row.</param>
    /// <param name="steps">At most this many times the running maximum moves.</param>
    /// <param name="magnitude">The largest scale · sum |q k| of the row.</param>
    /// <param name="range">Largest minus smallest score of the row.</param>
    /// <param name="scoreError">What the scores' inputs add: 0 where the reference has the same inputs.</param>
    public static double Attention(int headSize, int keys, int steps, double magnitude, double range, double scoreError = 0)
    {
        double score = Gamma(headSize + 5) * magnitude + scoreError;
        double weight = score + 2 * U * (range + 2 * score) + (Approximation + U) * (steps + 1);
        double side = Math.Exp(weight) - 1 + Gamma(keys + steps + 2);
        return 2.01 * side / (1 - side) + Gamma(2);
    }

    /// <summary>
    /// Attention on the tensor cores, relative to sum p |v|: as <see cref="Attention"/> with their sums, and with weights that are
    /// rounded to bfloat16 for the product with the values, 2^-8 each, but not for their total. What ex2 flushes to zero is below
    /// 2^-126 of the largest weight. Division is a product with a reciprocal of one ulp.
    /// </summary>
    public static double TensorCoreAttention(int headSize, int keys, int steps, double magnitude, double range, double scoreError = 0)
    {
        double score = (TensorCoreGamma(headSize) + Gamma(5)) * magnitude + scoreError;
        double weight = Math.Exp(score + 2 * U * (range + 2 * score) + (Approximation + U) * (steps + 1)) - 1;
        double numerator = weight + Math.ScaleB(1, -8) * (1 + weight) + TensorCoreGamma(keys + steps + 2);
        double total = weight + Gamma(keys + steps + 2);
        return 1.01 * (numerator + total) / (1 - total) + Gamma(4);
    }
}

namespace IlgpuDca.Verification;

/// <summary>
/// A matrix [rows, inner] in double precision, with what bounds the error of a kernel that multiplies its rows.
/// </summary>
sealed class MatrixReference
{
    readonly double[] _weights, _magnitudes, _errors;
    readonly int _inner;
    readonly double _gamma;
    readonly bool _asIntegers;

    /// <param name="inner">Elements of a row.</param>
    /// <param name="weights">All elements.</param>
    /// <param name="magnitudes">What the rounding errors of each element's product grow with.</param>
    /// <param name="errors">How far each element that a kernel has may be off.</param>
    /// <param name="gamma">Relative error of a row's sum.</param>
    /// <param name="asIntegers">Whether the vector is read as integers of 16 bits with a scale for each 32.</param>
    MatrixReference(int inner, double[] weights, double[] magnitudes, double[] errors, double gamma, bool asIntegers) =>
        (_inner, _weights, _magnitudes, _errors, _gamma, _asIntegers) = (inner, weights, magnitudes, errors, gamma,
        asIntegers);

    /// <summary>Elements as the kernel has them.</summary>
    public static MatrixReference Plain(double[] weights, int inner, double gamma) =>
        new(inner, weights, Array.ConvertAll(weights, Math.Abs), new double[weights.Length], gamma, asIntegers: false);

    /// <summary>Codes, multiplied as they are, integers with integers.</summary>
    /// <param name="data">The codes.</param>
    /// <param name="terms">Weights that one sum goes over.</param>
    public static MatrixReference Codes(QuantizedData data, int terms) => new(data.Inner, data.Weights, data.Magnitudes,
        new double[data.Weights.Length], data.Gamma(terms), asIntegers: !data.Layout.IsFloat8);

    /// <summary>Codes that are unpacked into a storage type first.</summary>
    public static MatrixReference Unpacked<T>(QuantizedData data, double gamma)
    {
        double[] errors = data.UnpackingErrors<T>();
        return new(data.Inner, data.Weights, [.. data.Weights.Zip(errors, (weight, error) => Math.Abs(weight) + error)],
            errors, gamma, asIntegers: false);
    }

    /// <summary>A row's product with a vector, and how far a kernel's may be from it.</summary>
    /// <param name="row">Which.</param>
    /// <param name="x">[inner].</param>
    /// <param name="xErrors">How far each element that the kernel has may be off.</param>
    public (double Value, double Error) Product(long row, ReadOnlySpan<double> x, ReadOnlySpan<double> xErrors)
    {
        double value = 0, error = 0, step = 0;
        for (int k = 0; k < _inner; k++)
        {
            if (_asIntegers && k % QuantizedData.IntegerBlock == 0)
                step = QuantizedData.Step(x.Slice(k, QuantizedData.IntegerBlock),
                    xErrors.Slice(k, QuantizedData.IntegerBlock));
            long at = row * _inner + k;
            double off = xErrors[k] + step, size = Math.Abs(x[k]) + off;
            value += _weights[at] * x[k];
            error += _magnitudes[at] * (off + size * _gamma) + _errors[at] * size;
        }
        return (value, error);
    }
}

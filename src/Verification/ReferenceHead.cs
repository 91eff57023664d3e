namespace IlgpuDca.Verification;

/// <summary>A head in double precision, and how far a right kernel's float32 can be from each of its elements.</summary>
readonly record struct ReferenceHead(double[] Values, double[] Errors)
{
    /// <summary>
    /// The same turned by a position. |cos| and |sin| are at most 1, so an element takes at most both errors of its pair; what the
    /// rotation rounds it rounds of values that are off by them, which 1.01 covers.
    /// </summary>
    public ReferenceHead Rotated(int position)
    {
        int half = Values.Length / 2;
        double[] errors = new double[Values.Length];
        for (int c = 0; c < errors.Length; c++)
        {
            int first = c % half, second = first + half;
            errors[c] = Tolerance.Rotation(Values[first], Values[second], position) + 1.01 * (Errors[first] + Errors[second]);
        }
        return new ReferenceHead(RotationReference.Rotate(Values, position), errors);
    }
}

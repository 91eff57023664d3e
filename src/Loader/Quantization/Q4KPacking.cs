namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// Packs 256 weights as Q4_K. For each 32 of them it looks for the scale and the least value with the smallest weighted
/// error, rounds both to 6 bits of a common unit, and then chooses the codes for what was rounded.
/// </summary>
static class Q4KPacking
{
    const int Parts = 8, PartElements = 32, LargestCode = 15, LargestScale = 63;

    /// <summary>How the first guess of the step is varied: (15 + nudge) steps from the least to the largest.</summary>
    const float FirstNudge = -1, NudgeStep = 0.1f;
    const int Nudges = 21;

    /// <summary>Fits to the codes of the fit before.</summary>
    const int Refinements = 2;

    /// <param name="values">256 finite numbers.</param>
    /// <param name="to">144 bytes.</param>
    public static void Pack(ReadOnlySpan<float> values, Span<byte> to)
    {
        Span<float> scales = stackalloc float[Parts], leasts = stackalloc float[Parts];
        float largestScale = 0, largestLeast = 0;
        for (int part = 0; part < Parts; part++)
        {
            (scales[part], leasts[part]) = Fit(values.Slice(part * PartElements, PartElements));
            largestScale = Math.Max(largestScale, scales[part]);
            largestLeast = Math.Max(largestLeast, leasts[part]);
        }
        Half scaleUnit = (Half)(largestScale / LargestScale), leastUnit = (Half)(largestLeast / LargestScale);
        BitConverter.TryWriteBytes(to, scaleUnit);
        BitConverter.TryWriteBytes(to[2..], leastUnit);
        to[4..].Clear();
        for (int part = 0; part < Parts; part++)
        {
            int scale = Rounded(scales[part], (float)scaleUnit), least = Rounded(leasts[part], (float)leastUnit);
            WriteScale(to.Slice(4, 12), part, scale, least);
            WriteCodes(values.Slice(part * PartElements, PartElements), (float)scaleUnit * scale,
                (float)leastUnit * least, to.Slice(16 + part / 2 * PartElements, PartElements), 4 * (part % 2));
        }
    }

    /// <summary>Scale and least value, the latter as a number from 0 that is subtracted.</summary>
    static (float Scale, float Least) Fit(ReadOnlySpan<float> values)
    {
        float low = 0, high = float.MinValue, squares = 0;
        foreach (float value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            squares += value * value;
        }
        if (high <= low)
            return (0, -low);
        float typical = MathF.Sqrt(squares / values.Length);
        (float Scale, float Least) best = ((high - low) / LargestCode, -low);
        float bestError = Error(values, typical, best.Scale, best.Least);
        for (int i = 0; i < Nudges; i++)
        {
            float inverse = (LargestCode + FirstNudge + NudgeStep * i) / (high - low);
            (float Scale, float Least) guess = (1 / inverse, -low);
            for (int refinement = 0; refinement < Refinements && guess.Scale > 0; refinement++)
            {
                guess = Regress(values, typical, guess.Scale, guess.Least);
                if (guess.Scale > 0 && Error(values, typical, guess.Scale, guess.Least) is var error
                    && error < bestError)
                    (best, bestError) = (guess, error);
            }
        }
        return best;
    }

    /// <summary>Least squares of <c>value = scale · code - least</c> for a guess's codes; least is 0 or more.</summary>
    static (float Scale, float Least) Regress(
        ReadOnlySpan<float> values, float typical, float guess, float guessedLeast)
    {
        float inverse = 1 / guess;
        float weights = 0, codes = 0, codeSquares = 0, sums = 0, products = 0;
        foreach (float value in values)
        {
            float weight = Weight(value, typical);
            float code = Math.Clamp(MathF.Round(inverse * (value + guessedLeast)), 0, LargestCode);
            weights += weight;
            codes += weight * code;
            codeSquares += weight * code * code;
            sums += weight * value;
            products += weight * value * code;
        }
        float determinant = weights * codeSquares - codes * codes;
        if (determinant <= 0)
            return (0, 0);
        float scale = (weights * products - sums * codes) / determinant;
        float offset = (codeSquares * sums - codes * products) / determinant;
        return offset <= 0 ? (scale, -offset) : (products / codeSquares, 0);
    }

    static float Error(ReadOnlySpan<float> values, float typical, float scale, float least)
    {
        float inverse = 1 / scale, error = 0;
        foreach (float value in values)
        {
            float code = Math.Clamp(MathF.Round((value + least) * inverse), 0, LargestCode);
            float difference = scale * code - least - value;
            error += Weight(value, typical) * difference * difference;
        }
        return error;
    }

    /// <summary>Large weights matter more to a product, small ones still count.</summary>
    static float Weight(float value, float typical) => typical + Math.Abs(value);

    static int Rounded(float value, float unit) =>
        unit > 0 ? Math.Clamp((int)MathF.Round(value / unit), 0, LargestScale) : 0;

    /// <summary>The places that <see cref="Q4KFormat.ScalePair"/> reads.</summary>
    static void WriteScale(Span<byte> packed, int part, int scale, int least)
    {
        if (part < 4)
        {
            packed[part] |= (byte)scale;
            packed[part + 4] |= (byte)least;
            return;
        }
        packed[part + 4] = (byte)((scale & 0xF) | ((least & 0xF) << 4));
        packed[part - 4] |= (byte)((scale >> 4) << 6);
        packed[part] |= (byte)((least >> 4) << 6);
    }

    static void WriteCodes(ReadOnlySpan<float> values, float scale, float least, Span<byte> to, int shift)
    {
        if (scale == 0)
            return;
        for (int i = 0; i < values.Length; i++)
            to[i] |= (byte)(Math.Clamp((int)MathF.Round((values[i] + least) / scale), 0, LargestCode) << shift);
    }
}

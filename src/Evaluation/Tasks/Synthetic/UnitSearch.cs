namespace IlgpuDca.Evaluation;

/// <summary>Finds how many units fill a length.</summary>
static class UnitSearch
{
    /// <summary>Guesses before the range is halved instead.</summary>
    const int Guesses = 8;

    /// <summary>
    /// The longest sample that fits: more units are guessed from the tokens of those tried, between one that fits and one that
    /// does not.
    /// </summary>
    /// <param name="leastUnits">Units that fit.</param>
    /// <param name="least">Their sample.</param>
    /// <param name="length">Most tokens.</param>
    /// <param name="encode">The sample of some units.</param>
    public static SyntheticSample Longest(int leastUnits, SyntheticSample least, int length, Func<int, SyntheticSample> encode)
    {
        (int Units, SyntheticSample Sample) fits = (leastUnits, least);
        int? tooMany = null;
        double tokensOfUnit = 16;
        for (int tries = 0; tooMany is null || tooMany - fits.Units > 1; tries++)
        {
            int guess = fits.Units + (int)Math.Max(1, (length - fits.Sample.Length) / tokensOfUnit);
            if (tooMany is { } most)
                guess = tries < Guesses ? Math.Min(guess, most - 1) : (fits.Units + most) / 2;
            SyntheticSample sample = encode(guess);
            if (guess > leastUnits && sample.Length > least.Length)
                tokensOfUnit = (double)(sample.Length - least.Length) / (guess - leastUnits);
            if (sample.Length <= length)
                fits = (guess, sample);
            else
                tooMany = guess;
        }
        return fits.Sample;
    }
}

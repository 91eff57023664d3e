using System.Globalization;

namespace IlgpuDca.Evaluation;

/// <summary>A fact that is hidden in a text and asked for.</summary>
/// <param name="Fact">The sentence that is hidden.</param>
/// <param name="Question">What follows the text: the answer continues it after a space.</param>
/// <param name="Answer">What must follow.</param>
/// <param name="Wrong">Other answers, for scoring by likelihood.</param>
public sealed record Needle(string Fact, string Question, string Answer, IReadOnlyList<string> Wrong)
{
    const int WrongAnswers = 4;
    const int LeastDigits = 3;

    /// <summary>Things to choose from for each thing that is drawn: enough for the draw to end soon.</summary>
    const int Choice = 4;

    /// <summary>
    /// Draws facts of the form "The NAME number is 123.", all names and values different. Few have names of one noun
    /// and values of three digits, many have pairs of nouns and more digits.
    /// </summary>
    /// <param name="random">Draws them.</param>
    /// <param name="count">How many; at most a quarter of the pairs of nouns.</param>
    public static IReadOnlyList<Needle> Draw(SplitMix64 random, int count)
    {
        string[] names = random.Distinct<string>(count, count * Choice <= Nouns.Count ? Nouns.One : Nouns.Pair);
        string[] values = Values(random, count * (1 + WrongAnswers));
        return [.. names.Select((name, i) => new Needle($"The {name} number is {values[i]}.",
            $"What is the {name} number? The {name} number is", values[i],
                values[(count + i * WrongAnswers)..][..WrongAnswers]))];
    }

    /// <summary>Draws different whole numbers of the same count of digits, three or more.</summary>
    public static string[] Values(SplitMix64 random, int count)
    {
        int least = (int)Math.Pow(10, LeastDigits - 1);
        while ((long)count * Choice > 9L * least)
            least *= 10;
        return random.Distinct(count, one => (least + one.Below(9 * least)).ToString(CultureInfo.InvariantCulture));
    }
}

using System.Text.RegularExpressions;

namespace IlgpuDca.Loader;

/// <summary>Cuts around the matches of a regular expression; what lies between two of them is a word too.</summary>
/// <remarks>
/// .NET matches UTF-16 units, and patterns mean characters: it is shown a text in which a character above U+FFFF is
/// one of the same category, once for each of its two units' places.
/// </remarks>
sealed class RegexSplitter : TextSplitter
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    readonly Regex _regex;
    readonly Func<string, ModelFormatException> _fault;

    /// <param name="pattern">A pattern of the file.</param>
    /// <param name="fault">Makes the error about it.</param>
    public RegexSplitter(string pattern, Func<string, ModelFormatException> fault)
    {
        _fault = fault;
        try
        {
            _regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, s_patience);
        }
        catch (ArgumentException e)
        {
            throw fault($"is {ModelFormatException.Quote(pattern)}, which is no pattern that can be run: {e.Message}");
        }
    }

    public override void Split(string text, int start, int end, List<int> ends)
    {
        var shadow = new ShadowText(text, start, end);
        int from = start;
        try
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(shadow.Text))
            {
                if (match.Length == 0)
                    continue;
                int first = shadow.Place(match.Index), last = shadow.Place(match.Index + match.Length);
                if (first > from)
                    ends.Add(first);
                ends.Add(from = last);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw _fault($"takes more than {s_patience.TotalSeconds} s for one text, expected a pattern that does not "
                + "backtrack so long");
        }
        if (from < end)
            ends.Add(end);
    }
}

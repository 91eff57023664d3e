using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>
/// Unicode's canonical decompositions and combining classes, without the syllables of Hangul, which are computed.
/// </summary>
/// <remarks>
/// The resource has a line for each character, in hexadecimal: <c>00C5=0041 030A</c> decomposes and composes,
/// <c>212B>00C5</c> only decomposes, <c>0300:230</c> has a combining class (decimal).
/// </remarks>
sealed class CanonicalTable
{
    const string Resource = "canonical.txt";

    readonly Dictionary<int, (int Head, int Tail)> _decompositions = [];
    readonly Dictionary<(int, int), int> _compositions = [];
    readonly Dictionary<int, int> _classes = [];
    readonly HashSet<int> _changing = [];

    /// <summary>Reads the resource of this assembly.</summary>
    public static CanonicalTable Read()
    {
        using Stream stream = typeof(CanonicalTable).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var table = new CanonicalTable();
        while (reader.ReadLine() is { } line)
            table.Add(line);
        return table;
    }

    /// <summary>Null where it does not decompose; the tail is 0 where one character stands for another.</summary>
    public (int Head, int Tail)? Decomposition(int rune) =>
        _decompositions.TryGetValue(rune, out (int, int) parts) ? parts : null;

    /// <summary>What two characters make, or null.</summary>
    public int? Composition(int first, int second) =>
        _compositions.TryGetValue((first, second), out int whole) ? whole : null;

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public int Class(int rune) => _classes.GetValueOrDefault(rune);

    /// <summary>Whether form C may have something else in place of this character beside others.</summary>
    public bool MayChange(int rune) => _changing.Contains(rune) || rune is >= 0x1161 and < 0x11C3;

    void Add(string line)
    {
        int sign = line.AsSpan().IndexOfAny("=>:");
        int rune = Hex(line.AsSpan(0, sign));
        ReadOnlySpan<char> value = line.AsSpan(sign + 1);
        if (line[sign] == ':')
        {
            _classes.Add(rune, int.Parse(value, CultureInfo.InvariantCulture));
            _changing.Add(rune);
            return;
        }
        int space = value.IndexOf(' ');
        (int Head, int Tail) parts = space < 0 ? (Hex(value), 0) : (Hex(value[..space]), Hex(value[(space + 1)..]));
        _decompositions.Add(rune, parts);
        if (line[sign] == '=')
            _compositions.Add(parts, rune);
        else
            _changing.Add(rune);
        if (line[sign] == '=')
            _changing.Add(parts.Tail);
    }

    static int Hex(ReadOnlySpan<char> digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

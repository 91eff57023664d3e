using System.Globalization;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>
/// Cuts a template into tokens. White space: a line end behind a block goes, as do the spaces between a line's start
/// and a block; a minus sign inside a tag takes all white space on its side, and a plus sign keeps it.
/// </summary>
sealed class JinjaLexer
{
    const int LongestTemplate = 4 << 20;

    static readonly string[] s_operators =
        ["//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}",
            ".", ",", ":", "|", ";"];

    readonly string _source;
    readonly List<JinjaToken> _tokens = [];
    int _at;
    int _line = 1;

    JinjaLexer(string source) => _source = source;

    /// <summary>All tokens, the last of which is the end; throws <see cref="TemplateException"/>.</summary>
    public static List<JinjaToken> Read(string source)
    {
        if (source.Length > LongestTemplate)
            throw new TemplateException(1, $"it has {source.Length} characters, expected at most {LongestTemplate}.");
        source = source.Replace("\r\n", "\n").Replace('\r', '\n');
        var lexer = new JinjaLexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    void ReadAll()
    {
        bool stripsStart = false, trimsLine = false;
        while (_at < _source.Length)
        {
            int tag = NextTag(_at);
            string text = _source[_at..tag];
            int lines = text.Count(c => c == '\n');
            char kind = tag < _source.Length ? _source[tag + 1] : '\0';
            char sign = tag + 2 < _source.Length ? _source[tag + 2] : '\0';
            if (stripsStart)
                text = text.TrimStart();
            else if (trimsLine && text.StartsWith('\n'))
                text = text[1..];
            if (kind != '\0' && sign == '-')
                text = text.TrimEnd();
            else if (kind is '%' or '#' && sign != '+')
                text = StripLineStart(text, isLineStart: tag == 0 || IsBlankToLineStart(tag));
            if (text.Length > 0)
                _tokens.Add(new JinjaToken(JinjaTokenKind.Text, text, _line));
            _line += lines;
            if (kind == '\0')
                break;
            _at = tag + 2 + (sign is '-' or '+' && !(kind == '{' && sign == '+') ? 1 : 0);
            (stripsStart, trimsLine) = kind switch
            {
                '#' => SkipComment(),
                '%' when IsRaw() => ReadRaw(),
                '%' => ReadTag(JinjaTokenKind.BlockBegin, JinjaTokenKind.BlockEnd, "%}"),
                _ => ReadTag(JinjaTokenKind.PrintBegin, JinjaTokenKind.PrintEnd, "}}"),
            };
        }
        _tokens.Add(new JinjaToken(JinjaTokenKind.End, "", _line));
    }

    int NextTag(int from)
    {
        for (int at = from; (at = _source.IndexOf('{', at)) >= 0 && at + 1 < _source.Length; at++)
        {
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        }
        return _source.Length;
    }

    bool IsBlankToLineStart(int tag)
    {
        int at = tag - 1;
        while (at >= 0 && _source[at] is ' ' or '\t')
            at--;
        return at < 0 || _source[at] == '\n';
    }

    static string StripLineStart(string text, bool isLineStart) => isLineStart ? text.TrimEnd(' ', '\t') : text;

    (bool, bool) SkipComment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw new TemplateException(_line, "the comment has no end, expected '#}'.");
        bool strips = end > _at - 1 && _source[end - 1] == '-';
        _line += _source.AsSpan(_at, end - _at).Count('\n');
        _at = end + 2;
        return (strips, true);
    }

    bool IsRaw()
    {
        ReadOnlySpan<char> rest = _source.AsSpan(_at).TrimStart();
        return rest.StartsWith("raw") && rest[3..].TrimStart() is ['%', '}', ..] or ['-', '%', '}', ..];
    }

    (bool, bool) ReadRaw()
    {
        int start = _source.IndexOf("%}", _at, StringComparison.Ordinal) + 2;
        for (int end = start; (end = _source.IndexOf("{%", end, StringComparison.Ordinal)) >= 0; end += 2)
        {
            ReadOnlySpan<char> rest = _source.AsSpan(end + 2).TrimStart("-+").TrimStart();
            if (!rest.StartsWith("endraw"))
                continue;
            _tokens.Add(new JinjaToken(JinjaTokenKind.Text, _source[start..end], _line));
            int close = _source.IndexOf("%}", end, StringComparison.Ordinal);
            if (close < 0)
                break;
            _line += _source.AsSpan(_at, close - _at).Count('\n');
            _at = close + 2;
            return (_source[close - 1] == '-', true);
        }
        throw new TemplateException(_line, "the raw block has no end, expected '{% endraw %}'.");
    }

    (bool, bool) ReadTag(JinjaTokenKind begin, JinjaTokenKind end, string close)
    {
        Add(begin, "");
        int depth = 0;
        while (true)
        {
            SkipSpace();
            if (_at >= _source.Length)
                throw new TemplateException(_line, $"the tag has no end, expected '{close}'.");
            ReadOnlySpan<char> rest = _source.AsSpan(_at);
            int sign = rest[0] is '-' or '+' ? 1 : 0;
            // Inside braces of a dictionary, two closing ones are not the end of the tag.
            if (depth == 0 && rest[sign..].StartsWith(close))
            {
                Add(end, "");
                char signed = sign == 1 ? rest[0] : '\0';
                _at += sign + close.Length;
                return (signed == '-', end == JinjaTokenKind.BlockEnd && signed != '+');
            }
            depth += rest[0] is '{' ? 1 : rest[0] is '}' ? -1 : 0;
            ReadToken();
        }
    }

    void ReadToken()
    {
        char c = _source[_at];
        if (c is '"' or '\'')
            ReadString(c);
        else if (char.IsAsciiDigit(c))
            ReadNumber();
        else if (char.IsLetter(c) || c == '_')
        {
            int start = _at;
            while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_'))
                _at++;
            Add(JinjaTokenKind.Name, _source[start.._at]);
        }
        else
        {
            ReadOnlySpan<char> rest = _source.AsSpan(_at);
            foreach (string known in s_operators)
            {
                if (!rest.StartsWith(known))
                    continue;
                Add(JinjaTokenKind.Operator, known);
                _at += known.Length;
                return;
            }
            throw new TemplateException(_line, $"{ModelFormatException.Quote(c.ToString())} is not expected in a tag.");
        }
    }

    void ReadNumber()
    {
        int start = _at;
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_'))
            _at++;
        bool isFloat = _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]);
        for (_at += isFloat ? 1 : 0; isFloat && _at < _source.Length && char.IsAsciiDigit(_source[_at]);)
            _at++;
        Add(isFloat ? JinjaTokenKind.Float : JinjaTokenKind.Integer, _source[start.._at].Replace("_", ""));
    }

    void ReadString(char quote)
    {
        var text = new StringBuilder();
        int line = _line;
        for (_at++; ; _at++)
        {
            if (_at >= _source.Length)
                throw new TemplateException(line, $"the string has no end, expected {quote}.");
            char c = _source[_at];
            if (c == quote)
                break;
            _line += c == '\n' ? 1 : 0;
            if (c == '\\' && _at + 1 < _source.Length)
                ReadEscape(text);
            else
                text.Append(c);
        }
        _at++;
        _tokens.Add(new JinjaToken(JinjaTokenKind.String, text.ToString(), line));
    }

    void ReadEscape(StringBuilder text)
    {
        char c = _source[++_at];
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && _at + digits < _source.Length && uint.TryParse(_source.AsSpan(_at + 1, digits),
            NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value) && value <= 0x10FFFF)
        {
            text.Append(value > 0xFFFF ? char.ConvertFromUtf32((int)value) : ((char)value).ToString());
            _at += digits;
            return;
        }
        text.Append(c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            '0' => "\0",
            '\n' => "",
            '\\' or '\'' or '"' => c.ToString(),
            _ => $"\\{c}",
        });
    }

    void SkipSpace()
    {
        for (; _at < _source.Length && char.IsWhiteSpace(_source[_at]); _at++)
            _line += _source[_at] == '\n' ? 1 : 0;
    }

    void Add(JinjaTokenKind kind, string text) => _tokens.Add(new JinjaToken(kind, text, _line));
}

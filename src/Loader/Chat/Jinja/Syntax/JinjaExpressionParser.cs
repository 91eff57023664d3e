using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>Reads expressions, loosest binding first.</summary>
sealed class JinjaExpressionParser(JinjaReader reader)
{
    static readonly string[] s_comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    /// <summary>An expression, or several with commas between, which are a list.</summary>
    public JinjaExpression ParseList()
    {
        JinjaExpression first = Parse();
        if (!reader.IsOperator(","))
            return first;
        List<JinjaExpression> items = [first];
        while (reader.TakeOperator(",") && !IsEnd())
            items.Add(Parse());
        return new JinjaListExpression(items);
    }

    /// <summary>One expression.</summary>
    public JinjaExpression Parse()
    {
        reader.CheckDepth();
        JinjaExpression value = ParseOr();
        while (reader.TakeName("if"))
        {
            JinjaExpression condition = ParseOr();
            JinjaExpression? otherwise = reader.TakeName("else") ? Parse() : null;
            value = new JinjaConditional(condition, value, otherwise);
        }
        return value;
    }

    /// <summary>An expression without a condition behind it, as in the head of a for.</summary>
    public JinjaExpression ParseOr()
    {
        JinjaExpression left = ParseAnd();
        while (reader.TakeName("or"))
            left = new JinjaLogic(left, ParseAnd(), isAnd: false);
        return left;
    }

    JinjaExpression ParseAnd()
    {
        JinjaExpression left = ParseNot();
        while (reader.TakeName("and"))
            left = new JinjaLogic(left, ParseNot(), isAnd: true);
        return left;
    }

    JinjaExpression ParseNot()
    {
        reader.CheckDepth();
        return reader.TakeName("not") ? new JinjaUnary("not", ParseNot()) : ParseComparison();
    }

    JinjaExpression ParseComparison()
    {
        JinjaExpression left = ParseSum();
        JinjaExpression? chain = null;
        while (TakeComparison() is { } comparison)
        {
            JinjaExpression right = ParseSum();
            JinjaExpression link = new JinjaBinary(comparison, left, right);
            chain = chain is null ? link : new JinjaLogic(chain, link, isAnd: true);
            left = right;
        }
        return chain ?? left;
    }

    string? TakeComparison()
    {
        foreach (string comparison in s_comparisons)
        {
            if (reader.TakeOperator(comparison))
                return comparison;
        }
        if (reader.TakeName("in"))
            return "in";
        if (!reader.IsName("not") || reader.Following is not { Kind: JinjaTokenKind.Name, Text: "in" })
            return null;
        reader.Take();
        reader.Take();
        return "not in";
    }

    JinjaExpression ParseSum() => ParseLeft(ParseConcatenation, "+", "-");

    JinjaExpression ParseConcatenation() => ParseLeft(ParseProduct, "~");

    JinjaExpression ParseProduct() => ParseLeft(ParsePower, "*", "//", "/", "%");

    JinjaExpression ParsePower() => ParseLeft(() => ParseUnary(hasFilters: true), "**");

    JinjaExpression ParseLeft(Func<JinjaExpression> parsePart, params ReadOnlySpan<string> operators)
    {
        JinjaExpression left = parsePart();
        while (reader.Current.Kind == JinjaTokenKind.Operator && operators.Contains(reader.Current.Text))
            left = new JinjaBinary(reader.Take().Text, left, parsePart());
        return left;
    }

    JinjaExpression ParseUnary(bool hasFilters)
    {
        reader.CheckDepth();
        JinjaExpression value = reader.TakeOperator("-") ? new JinjaUnary("-", ParseUnary(hasFilters: false))
            : reader.TakeOperator("+") ? new JinjaUnary("+", ParseUnary(hasFilters: false))
            : ParsePostfix(ParsePrimary());
        return hasFilters ? ParseFilters(value) : value;
    }

    JinjaExpression ParsePrimary()
    {
        JinjaToken token = reader.Current;
        switch (token.Kind)
        {
            case JinjaTokenKind.Name:
                reader.Take();
                return token.Text switch
                {
                    "true" or "True" => new JinjaLiteral(true),
                    "false" or "False" => new JinjaLiteral(false),
                    "none" or "None" => new JinjaLiteral(null),
                    _ => new JinjaName(token.Text),
                };
            case JinjaTokenKind.String:
                string text = "";
                while (reader.Current.Kind == JinjaTokenKind.String)
                    text += reader.Take().Text;
                return new JinjaLiteral(text);
            case JinjaTokenKind.Integer:
                reader.Take();
                return new JinjaLiteral(long.TryParse(token.Text, CultureInfo.InvariantCulture, out long whole) ? whole
                    : throw new TemplateException(token.Line, $"the number {token.Text[..9]}… is too large."));
            case JinjaTokenKind.Float:
                reader.Take();
                return new JinjaLiteral(double.Parse(token.Text, CultureInfo.InvariantCulture));
        }
        if (reader.TakeOperator("("))
            return ParseParentheses();
        if (reader.TakeOperator("["))
            return new JinjaListExpression(ParseItems("]"));
        return reader.TakeOperator("{") ? ParseMap() : throw reader.Unexpected("a value");
    }

    JinjaExpression ParseParentheses()
    {
        if (reader.TakeOperator(")"))
            return new JinjaListExpression([]);
        JinjaExpression value = ParseList();
        reader.ExpectOperator(")");
        return value;
    }

    List<JinjaExpression> ParseItems(string close)
    {
        List<JinjaExpression> items = [];
        while (!reader.TakeOperator(close))
        {
            items.Add(Parse());
            if (!reader.IsOperator(close))
                reader.ExpectOperator(",");
        }
        return items;
    }

    JinjaMapExpression ParseMap()
    {
        List<(JinjaExpression, JinjaExpression)> items = [];
        while (!reader.TakeOperator("}"))
        {
            JinjaExpression key = Parse();
            reader.ExpectOperator(":");
            items.Add((key, Parse()));
            if (!reader.IsOperator("}"))
                reader.ExpectOperator(",");
        }
        return new JinjaMapExpression(items);
    }

    JinjaExpression ParsePostfix(JinjaExpression value)
    {
        while (true)
        {
            if (reader.TakeOperator("."))
                value = reader.Current.Kind == JinjaTokenKind.Integer
                    ? new JinjaMember(value, ParsePrimary(), isAttribute: false)
                    : new JinjaMember(value, new JinjaLiteral(reader.ExpectName()), isAttribute: true);
            else if (reader.TakeOperator("["))
                value = ParseSubscript(value);
            else if (reader.TakeOperator("("))
                value = new JinjaCall(value, ParseArguments());
            else
                return value;
        }
    }

    JinjaExpression ParseSubscript(JinjaExpression value)
    {
        JinjaExpression?[] parts = new JinjaExpression?[3];
        int colons = 0;
        while (!reader.TakeOperator("]"))
        {
            if (reader.TakeOperator(":"))
                colons++;
            else if (parts[colons] is null)
                parts[colons] = Parse();
            else
                throw reader.Unexpected("']'");
            if (colons > 2)
                throw reader.Unexpected("']'");
        }
        if (colons > 0)
            return new JinjaSlice(value, parts[0], parts[1], parts[2]);
        return new JinjaMember(value, parts[0] ?? throw reader.Unexpected("an index"), isAttribute: false);
    }

    JinjaArguments ParseArguments()
    {
        List<JinjaExpression> positional = [];
        List<(string, JinjaExpression)> named = [];
        while (!reader.TakeOperator(")"))
        {
            if (reader.Current.Kind == JinjaTokenKind.Name
                && reader.Following is { Kind: JinjaTokenKind.Operator, Text: "=" })
            {
                string name = reader.ExpectName();
                reader.Take();
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(Parse());
            }
            if (!reader.IsOperator(")"))
                reader.ExpectOperator(",");
        }
        return new JinjaArguments(positional, named);
    }

    JinjaExpression ParseFilters(JinjaExpression value)
    {
        while (true)
        {
            if (reader.TakeOperator("|"))
                value = ParseFilter(value);
            else if (reader.TakeName("is"))
                value = ParseTest(value);
            else
                return value;
        }
    }

    /// <summary>The filter behind a bar.</summary>
    public JinjaExpression ParseFilter(JinjaExpression value)
    {
        (int line, string name) = (reader.Line, reader.ExpectName());
        if (!JinjaFilters.All.ContainsKey(name))
            throw new TemplateException(line, $"there is no filter {ModelFormatException.Quote(name)}.");
        return new JinjaFilter(name, value, reader.TakeOperator("(") ? ParseArguments() : JinjaArguments.None);
    }

    JinjaExpression ParseTest(JinjaExpression value)
    {
        bool isNot = reader.TakeName("not");
        (int line, string name) = (reader.Line, reader.ExpectName());
        if (!JinjaTests.All.ContainsKey(name))
            throw new TemplateException(line, $"there is no test {ModelFormatException.Quote(name)}.");
        JinjaArguments arguments = JinjaArguments.None;
        if (reader.TakeOperator("("))
            arguments = ParseArguments();
        else if (reader.Current.Kind is JinjaTokenKind.String or JinjaTokenKind.Integer or JinjaTokenKind.Float
            || reader.IsOperator("[") || reader.Current.Kind == JinjaTokenKind.Name
            && reader.Current.Text is not ("else" or "and" or "or" or "if" or "is" or "in" or "not"))
            arguments = new JinjaArguments([ParsePostfix(ParsePrimary())], []);
        JinjaExpression test = new JinjaTest(name, value, arguments);
        return isNot ? new JinjaUnary("not", test) : test;
    }

    bool IsEnd() => reader.Current.Kind is JinjaTokenKind.BlockEnd or JinjaTokenKind.PrintEnd || reader.IsOperator(")")
        || reader.IsOperator("=");
}

namespace IlgpuDca.Loader;

/// <summary>Reads the statements of a template.</summary>
sealed class JinjaParser
{
    readonly JinjaReader _reader;
    readonly JinjaExpressionParser _expressions;

    public JinjaParser(IReadOnlyList<JinjaToken> tokens)
    {
        _reader = new JinjaReader(tokens);
        _expressions = new JinjaExpressionParser(_reader);
    }

    /// <summary>All of it; throws <see cref="TemplateException"/>.</summary>
    public JinjaBlock ParseTemplate()
    {
        JinjaBlock body = ParseBlock();
        return _reader.Current.Kind == JinjaTokenKind.End ? body
            : throw new TemplateException(_reader.Line,
                $"there is nothing open that '{_reader.Current.Text}' could end.");
    }

    /// <summary>
    /// Statements up to a block with one of the words, whose beginning and word are taken; or to the end.
    /// </summary>
    JinjaBlock ParseBlock(params string[] words)
    {
        _reader.CheckDepth();
        List<JinjaStatement> statements = [];
        while (_reader.Current.Kind != JinjaTokenKind.End)
        {
            int line = _reader.Line;
            JinjaToken token = _reader.Take();
            if (token.Kind == JinjaTokenKind.Text)
            {
                statements.Add(new JinjaText(token.Text));
            }
            else if (token.Kind == JinjaTokenKind.PrintBegin)
            {
                statements.Add(new JinjaPrint(line, _expressions.ParseList()));
                _reader.Expect(JinjaTokenKind.PrintEnd);
            }
            else if (words.Contains(_reader.Current.Text))
            {
                return new JinjaBlock(statements);
            }
            else
            {
                statements.Add(ParseStatement(line));
            }
        }
        return words.Length == 0 ? new JinjaBlock(statements)
            : throw new TemplateException(_reader.Line, $"the template ends, expected '{{% {words[^1]} %}}'.");
    }

    JinjaStatement ParseStatement(int line)
    {
        string word = _reader.ExpectName();
        switch (word)
        {
            case "if":
                return ParseIf(line);
            case "for":
                return ParseFor(line);
            case "set":
                return ParseSet(line);
            case "macro":
                return ParseMacro(line);
            case "break" or "continue":
                _reader.Expect(JinjaTokenKind.BlockEnd);
                return new JinjaJump(word == "break");
            case "generation":
                // Marks what training counts; it changes nothing.
                return ParseBody("endgeneration");
            default:
                throw new TemplateException(line, $"there is no statement {ModelFormatException.Quote(word)}.");
        }
    }

    JinjaBlock ParseBody(string end)
    {
        _reader.Expect(JinjaTokenKind.BlockEnd);
        JinjaBlock body = ParseBlock(end);
        _reader.ExpectName(end);
        _reader.Expect(JinjaTokenKind.BlockEnd);
        return body;
    }

    JinjaIf ParseIf(int line)
    {
        List<(JinjaExpression, JinjaBlock)> branches = [];
        JinjaBlock? otherwise = null;
        do
        {
            JinjaExpression condition = _expressions.ParseList();
            _reader.Expect(JinjaTokenKind.BlockEnd);
            branches.Add((condition, ParseBlock("elif", "else", "endif")));
        }
        while (_reader.TakeName("elif"));
        if (_reader.TakeName("else"))
        {
            _reader.Expect(JinjaTokenKind.BlockEnd);
            otherwise = ParseBlock("endif");
        }
        _reader.ExpectName("endif");
        _reader.Expect(JinjaTokenKind.BlockEnd);
        return new JinjaIf(line, branches, otherwise);
    }

    JinjaFor ParseFor(int line)
    {
        List<string> names = ParseTargets();
        _reader.ExpectName("in");
        JinjaExpression items = _expressions.ParseOr();
        JinjaExpression? condition = _reader.TakeName("if") ? _expressions.Parse() : null;
        _reader.Expect(JinjaTokenKind.BlockEnd);
        JinjaBlock body = ParseBlock("else", "endfor");
        JinjaBlock? otherwise = null;
        if (_reader.TakeName("else"))
        {
            _reader.Expect(JinjaTokenKind.BlockEnd);
            otherwise = ParseBlock("endfor");
        }
        _reader.ExpectName("endfor");
        _reader.Expect(JinjaTokenKind.BlockEnd);
        return new JinjaFor(line, names, items, condition, body, otherwise);
    }

    List<string> ParseTargets()
    {
        bool hasParentheses = _reader.TakeOperator("(");
        List<string> names = [_reader.ExpectName()];
        while (_reader.TakeOperator(","))
            names.Add(_reader.ExpectName());
        if (hasParentheses)
            _reader.ExpectOperator(")");
        return names;
    }

    JinjaSet ParseSet(int line)
    {
        List<string> names = ParseTargets();
        string? attribute = names.Count == 1 && _reader.TakeOperator(".") ? _reader.ExpectName() : null;
        if (_reader.TakeOperator("="))
        {
            JinjaExpression value = _expressions.ParseList();
            _reader.Expect(JinjaTokenKind.BlockEnd);
            return new JinjaSet(line, names, attribute, value);
        }
        return new JinjaSet(line, names, attribute, new JinjaCapture(ParseBody("endset")));
    }

    JinjaMacro ParseMacro(int line)
    {
        string name = _reader.ExpectName();
        _reader.ExpectOperator("(");
        List<(string, JinjaExpression?)> parameters = [];
        while (!_reader.TakeOperator(")"))
        {
            string parameter = _reader.ExpectName();
            parameters.Add((parameter, _reader.TakeOperator("=") ? _expressions.Parse() : null));
            if (!_reader.IsOperator(")"))
                _reader.ExpectOperator(",");
        }
        return new JinjaMacro(line, name, parameters, ParseBody("endmacro"));
    }
}

using System.Text;

namespace IlgpuDca.Loader;

/// <summary>The operators between two values.</summary>
static class JinjaArithmetic
{
    /// <summary>
    /// Applies an operator other than and, or; throws <see cref="TemplateException"/> where it has no meaning.
    /// </summary>
    public static object? Apply(string sign, object? left, object? right, JinjaRun run) => sign switch
    {
        "==" => JinjaValues.AreEqual(left, right, run),
        "!=" => !JinjaValues.AreEqual(left, right, run),
        "<" => JinjaValues.Compare(left, right, run) < 0,
        "<=" => JinjaValues.Compare(left, right, run) <= 0,
        ">" => JinjaValues.Compare(left, right, run) > 0,
        ">=" => JinjaValues.Compare(left, right, run) >= 0,
        "in" => JinjaValues.Contains(right, left, run),
        "not in" => !JinjaValues.Contains(right, left, run),
        "~" => Concatenate(JinjaValues.Text(left, run), JinjaValues.Text(right, run), run),
        "+" when (left, right) is (string a, string b) => Concatenate(a, b, run),
        "+" when (left, right) is (List<object?> a, List<object?> b) => Concatenate(a, b, run),
        "*" when (left, right) is (string text, long count) => Repeat(text, count, run),
        "*" when (left, right) is (long count, string text) => Repeat(text, count, run),
        _ when Whole(left) is { } a && Whole(right) is { } b && sign != "/" => Apply(sign, a, b, run),
        _ when JinjaValues.Number(left) is { } a && JinjaValues.Number(right) is { } b => Apply(sign, a, b, run),
        _ => throw run.Fault($"{JinjaValues.TypeName(left)} {sign} {JinjaValues.TypeName(right)} has no meaning."),
    };

    static long? Whole(object? value) => value is long number ? number : value is bool truth ? truth ? 1 : 0 : null;

    static object Apply(string sign, long left, long right, JinjaRun run)
    {
        if (right == 0 && sign is "//" or "%")
            throw run.Fault("it divides by 0.");
        try
        {
            checked
            {
                switch (sign)
                {
                    case "+":
                        return left + right;
                    case "-":
                        return left - right;
                    case "*":
                        return left * right;
                    // Rounded down, with a remainder of the divisor's sign.
                    case "//":
                        return left / right - (left % right != 0 && left < 0 != right < 0 ? 1 : 0);
                    case "%":
                        return (left % right + right) % right;
                    case "**" when right < 0:
                        return Math.Pow(left, right);
                    default:
                        return Power(left, right);
                }
            }
        }
        catch (OverflowException)
        {
            throw run.Fault($"{left} {sign} {right} is too large.");
        }
    }

    static long Power(long left, long right)
    {
        long power = 1;
        for (long i = 0; i < right && power is not 0 && !(left is 1 or 0 && i > 0)
            && !(left == -1 && i > 1 && i % 2 == right % 2); i++)
            power = checked(power * left);
        return power;
    }

    static object Apply(string sign, double left, double right, JinjaRun run)
    {
        if (right == 0 && sign is "/" or "//" or "%")
            throw run.Fault("it divides by 0.");
        return sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Floor(left / right),
            "%" => left - right * Math.Floor(left / right),
            _ => Math.Pow(left, right),
        };
    }

    static string Concatenate(string left, string right, JinjaRun run)
    {
        run.Take((long)left.Length + right.Length);
        return left + right;
    }

    static List<object?> Concatenate(List<object?> left, List<object?> right, JinjaRun run)
    {
        run.Take((long)left.Count + right.Count);
        return [.. left, .. right];
    }

    static string Repeat(string text, long count, JinjaRun run)
    {
        if (count <= 0 || text.Length == 0)
            return "";
        run.Take(count > int.MaxValue ? long.MaxValue / 2 : text.Length * count);
        return new StringBuilder().Insert(0, text, (int)count).ToString();
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDca.Ilgpu.Tests.Ptx;

/// <summary>
/// Reads PTX text and finds what ptxas would refuse and what makes a kernel slow: undeclared registers, registers whose type
/// doesn't fit the instruction, branches to nowhere, accesses through generic addresses, local memory.
/// </summary>
sealed partial class PtxReader
{
    static readonly HashSet<string> Spaces = ["global", "shared", "local", "param", "const"];

    /// <summary>Instructions whose operands all have the type at their name's end.</summary>
    static readonly HashSet<string> Uniform =
    [
        "add", "sub", "mul", "div", "rem", "min", "max", "neg", "abs", "and", "or", "xor", "not", "fma", "mad", "sqrt", "rsqrt", "rcp",
        "ex2", "lg2", "sin", "cos", "copysign", "brev", "mov",
    ];

    readonly Dictionary<string, (string Type, int Count)> _classes = [];
    readonly Dictionary<string, string> _named = [];
    readonly HashSet<string> _labels = [];
    readonly List<string> _problems = [];

    PtxReader(string text)
    {
        string[] statements = Statements(text);
        foreach (string statement in statements)
            Declare(statement);
        foreach (string statement in statements)
            Check(statement);
    }

    /// <summary>What is wrong, one line each with its statement.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Loads, stores and atomics without an address space.</summary>
    public List<string> GenericAccesses { get; } = [];

    /// <summary>Whether the kernel has memory of its own for each thread.</summary>
    public bool UsesLocalMemory { get; private set; }

    public static PtxReader Read(string text) => new(text);

    /// <summary>Statements and labels, without comments; a scope's braces are dropped, for names in kernels are unique.</summary>
    static string[] Statements(string text)
    {
        text = Comments().Replace(text, " ");
        List<string> statements = [];
        string[] lines = text.Split('\n');
        for (int k = 0; k < lines.Length; k++)
            foreach (string part in Labels().Replace(WithOwnLabels(lines[k], k), "$1:;").Split(';'))
            {
                string statement = part.Trim();
                if (statement.StartsWith("{", StringComparison.Ordinal) && !statement.Contains('}'))
                    statement = statement[1..].Trim();
                if (statement.Length > 0 && statement != "}" && statement != "{")
                    statements.Add(statement);
            }
        return [.. statements];
    }

    /// <summary>Inline PTX has its scope on one line: its labels get the line's number, for they come again elsewhere.</summary>
    static string WithOwnLabels(string line, int number)
    {
        if (!line.TrimStart().StartsWith("{ ", StringComparison.Ordinal))
            return line;
        foreach (string label in InlineLabels().Matches(line).Select(match => match.Groups[1].Value).ToArray())
            line = Regex.Replace(line, $@"\b{label}\b", $"{label}_{number}").Replace($"{label}_{number}:", $"{label}_{number}:;", StringComparison.Ordinal);
        return line;
    }

    void Declare(string statement)
    {
        if (Register().Match(statement) is { Success: true } register)
        {
            foreach (string item in register.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries))
                if (Range().Match(item) is { Success: true } range)
                    _classes[range.Groups[1].Value] = (register.Groups["type"].Value, int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture));
                else
                    _named[item] = register.Groups["type"].Value;
        }
        else if (statement.EndsWith(':'))
        {
            if (!_labels.Add(statement[..^1]))
                _problems.Add($"label {statement} twice");
        }
        else if (statement.StartsWith(".local", StringComparison.Ordinal))
        {
            UsesLocalMemory = true;
        }
    }

    void Check(string statement)
    {
        if (statement.EndsWith(':') || statement.StartsWith('.') || statement[0] is '{' or ')' or '(')
            return;
        Match match = Instruction().Match(statement);
        if (!match.Success)
        {
            _problems.Add($"not an instruction: {statement}");
            return;
        }
        if (match.Groups["guard"].Value is { Length: > 0 } guard)
            Fits(guard, "pred", statement);
        string[] name = match.Groups["name"].Value.Split('.');
        string[] operands = Split(match.Groups["operands"].Value);
        foreach (string used in RegisterUse().Matches(match.Groups["operands"].Value).Select(use => use.Value))
            if (TypeOf(used) is null)
                _problems.Add($"{used} is not declared: {statement}");
        if (name[0] == "bra")
        {
            if (!_labels.Contains(operands[0]))
                _problems.Add($"no label {operands[0]}: {statement}");
            return;
        }
        CheckSpace(name, statement);
        foreach ((string operand, string type, bool mayBeWider) in Expected(name, operands))
            foreach (string part in operand.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries))
                Fits(part, type, statement, mayBeWider);
    }

    void CheckSpace(string[] name, string statement)
    {
        if (name[0] is "ld" or "st" or "atom" or "red" && !name.Skip(1).Any(part => Spaces.Contains(part.Split("::")[0])))
            GenericAccesses.Add(statement);
    }

    /// <summary>The type that each register operand must fit; nothing for instructions that this reader doesn't know.</summary>
    static IEnumerable<(string Operand, string Type, bool MayBeWider)> Expected(string[] name, string[] operands)
    {
        string type = name[^1];
        switch (name[0])
        {
            case "setp":
                return [(operands[0], "pred", false), .. operands.Skip(1).Select(operand => (operand, type, false))];
            case "selp":
                return [.. operands.Take(3).Select(operand => (operand, type, false)), (operands[3], "pred", false)];
            case "shl" or "shr":
                return [(operands[0], type, false), (operands[1], type, false), (operands[2], "u32", false)];
            case "popc" or "clz":
                return [(operands[0], "u32", false), (operands[1], type, false)];
            case "mul" when name[1] == "wide":
                return [(operands[0], type[0] + "64", false), .. operands.Skip(1).Select(operand => (operand, type, false))];
            case "mov" when operands.Any(operand => operand.StartsWith('{')):
                return [.. operands.Select(operand => (operand, operand.StartsWith('{') ? "b32" : type, false))];
            case "mov" when operands[1] is ['%', ..] && operands[1].Contains('.'):
                return [(operands[0], type, false)];
            case "cvt":
                return [(operands[0], name[^2], name[^2][0] is 's' or 'u'), (operands[1], type, type[0] is 's' or 'u')];
            case "cvta":
                return [.. operands.Select(operand => (operand, "u64", false))];
            case "ld" or "st":
                int address = name[0] == "ld" ? 1 : 0;
                return [(operands[1 - address], type, type[0] is 's' or 'u'), Address(name, operands[address])];
            case "atom":
                return [(operands[0], type, false), Address(name, operands[1]), .. operands.Skip(2).Select(value => (value, type, false))];
            case "shfl":
                return [(operands[0], type, false), (operands[1], type, false), (operands[2], "u32", false), (operands[3], "u32", false)];
            case "bar" when name.Contains("popc"):
                return [(operands[0], "u32", false), (operands[2], "pred", false)];
            case "bar" when name.Contains("red"):
                return [(operands[0], "pred", false), (operands[2], "pred", false)];
            default:
                return Uniform.Contains(name[0]) ? [.. operands.Select(operand => (operand, type, false))] : [];
        }
    }

    static (string Operand, string Type, bool MayBeWider) Address(string[] name, string operand) =>
        (operand.Trim('[', ']').Split('+')[0], name.Contains("shared") ? "u32" : "u64", name.Contains("shared"));

    /// <summary>
    /// Registers of bits hold integers, halves and packed values; floats have registers of their own, which PTX doesn't demand but
    /// this compiler keeps to.
    /// </summary>
    void Fits(string operand, string type, string statement, bool mayBeWider = false)
    {
        if (TypeOf(operand) is not { } declared || type.Length < 2)
            return;
        // Halves and pairs of them lie in registers of bits.
        type = type switch { "f16" or "bf16" or "e4m3x2" => "b16", "f16x2" or "bf16x2" => "b32", _ => type };
        bool fits = declared == "pred" || type == "pred" ? declared == type
            : (Size(declared) == Size(type) || mayBeWider && Size(declared) > Size(type))
                && (type[0] == 'b' || declared[0] == 'f' == (type[0] == 'f'));
        if (!fits)
            _problems.Add($"{operand} is .{declared}, not .{type}: {statement}");
    }

    static int Size(string type) => int.TryParse(type.AsSpan(1), CultureInfo.InvariantCulture, out int bits) ? bits : 0;

    string? TypeOf(string register)
    {
        if (_named.TryGetValue(register, out string? type))
            return type;
        Match match = Numbered().Match(register);
        return match.Success && _classes.TryGetValue(match.Groups[1].Value, out (string Type, int Count) found)
            && int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) < found.Count ? found.Type : null;
    }

    /// <summary>Operands by their commas, braces and brackets kept together.</summary>
    static string[] Split(string operands)
    {
        List<string> parts = [];
        int depth = 0, start = 0;
        for (int k = 0; k <= operands.Length; k++)
        {
            char c = k < operands.Length ? operands[k] : ',';
            depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            if (c != ',' || depth > 0)
                continue;
            parts.Add(operands[start..k].Trim());
            start = k + 1;
        }
        return [.. parts.Where(part => part.Length > 0)];
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^\s*([A-Za-z_$][\w$]*):(?!:)")]
    private static partial Regex Labels();

    [GeneratedRegex(@";\s*([A-Za-z_$][\w$]*):(?!:)")]
    private static partial Regex InlineLabels();

    [GeneratedRegex(@"^\.reg\s+\.(?<type>\w+)\s+(?<names>.+)$")]
    private static partial Regex Register();

    [GeneratedRegex(@"^([%\w$]+)<(\d+)>$")]
    private static partial Regex Range();

    [GeneratedRegex(@"^(@!?(?<guard>[%\w$]+)\s+)?(?<name>[a-z][\w.:]*)\s*(?<operands>.*)$")]
    private static partial Regex Instruction();

    [GeneratedRegex(@"%(?!tid|ntid|ctaid|nctaid|laneid|dynamic_smem_size|globaltimer|clock|smid|warpid|cluster)[a-z]+\d+")]
    private static partial Regex RegisterUse();

    [GeneratedRegex(@"^(.*?[A-Za-z_])(\d+)$")]
    private static partial Regex Numbered();
}

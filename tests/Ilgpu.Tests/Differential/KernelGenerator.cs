using System.Globalization;
using System.Text;

namespace IlgpuDca.Ilgpu.Tests.Differential;

/// <summary>
/// Writes random kernels as C#: integers of all widths, floats with exact operations, bounded loops, conditions, switches, structs,
/// helpers with ref parameters, local arrays, shifts, casts. A body is plain C# as well: there it is its own oracle. Divisors are
/// odd and positive; NaN reaches the result through comparisons and casts only, for its payload is the processor's affair.
/// </summary>
sealed class KernelGenerator(Random random)
{
    static readonly string[] Wide = ["int", "uint", "long", "ulong"];
    static readonly string[] Narrow = ["sbyte", "byte", "short", "ushort"];
    static readonly string[] All = ["int", "int", "uint", "long", "ulong", "sbyte", "byte", "short", "ushort", "float", "double", "bool"];

    readonly StringBuilder _text = new();
    readonly List<(string Name, string Type, bool CanAssign)> _variables = [];
    int _indent, _names, _loops, _budget;
    bool _inLoop;

    /// <summary>A static class with <c>Body</c>, and <c>Kernel</c>, which calls it for each element.</summary>
    public string Generate(string className)
    {
        _text.Clear();
        Line($"public static class {className}");
        Open();
        Line("public struct Pair");
        Open();
        Line("public int A; public byte B; public long C; public float D; public short E;");
        Line("public long Mix(int by) { unchecked { A += by; C ^= A * 7L; return C + B; } }");
        Close();
        Line("static float Real(float x) => x;");
        Helper("H0", "int", "short");
        Helper("H1", "long", "byte");
        Helper("H2", "float", "int");
        Body();
        Line("public static void Kernel(Index1D i, ArrayView<int> a, ArrayView<uint> b, ArrayView<long> c, ArrayView<float> d, ArrayView<long> r) =>");
        Line("    r[i] = Body(a[i], b[i], c[i], d[i]);");
        Close();
        return _text.ToString();
    }

    void Helper(string name, string first, string second)
    {
        Line($"static {first} {name}(ref {first} x, {second} y)");
        Open();
        Line("unchecked");
        Open();
        _variables.Clear();
        _variables.AddRange([("x", first, true), ("y", second, true)]);
        _budget = 3;
        Statements(2);
        Line($"return {Expression(first, 2)};");
        Close();
        Close();
    }

    void Body()
    {
        Line("public static long Body(int a, uint b, long c, float d)");
        Open();
        Line("unchecked");
        Open();
        _variables.Clear();
        _variables.AddRange([("a", "int", true), ("b", "uint", true), ("c", "long", true), ("d", "float", true)]);
        Line($"ArrayView<{Pick("int", "short", "byte", "long")}> m = LocalMemory.Allocate<{_lastPick}>(8);");
        string elements = _lastPick;
        Line($"for (int k = 0; k < 8; k++) m[k] = ({elements})({Expression("int", 2)} + k);");
        // Local memory has no values before: the array joins the expressions once it is filled.
        _arrayType = elements;
        Line($"Pair s = new Pair {{ A = {Expression("int", 1)}, B = {Expression("byte", 1)}, C = {Expression("long", 1)}, "
            + $"D = {Expression("float", 1)}, E = {Expression("short", 1)} }};");
        _variables.AddRange([("s.A", "int", true), ("s.B", "byte", true), ("s.C", "long", true), ("s.D", "float", true), ("s.E", "short", true)]);
        for (int k = random.Next(3, 7); k > 0; k--)
            Declare();
        _budget = 30;
        Statements(random.Next(5, 10));
        Line("long hash = 17;");
        foreach ((string name, string type, _) in _variables)
            Line($"hash = hash * 31 + {(type == "bool" ? $"({name} ? 1 : 0)" : $"(long){name}")};");
        Line("for (int k = 0; k < 8; k++) hash = hash * 31 + m[k];");
        Line("return hash;");
        Close();
        Close();
        _arrayType = null;
    }

    string? _arrayType;
    string _lastPick = "";

    string Pick(params string[] from) => _lastPick = from[random.Next(from.Length)];

    void Declare()
    {
        string type = Pick(All), name = $"v{_names++}";
        Line($"{type} {name} = {Expression(type, 2)};");
        _variables.Add((name, type, true));
    }

    void Statements(int count)
    {
        int visible = _variables.Count;
        for (; count > 0; count--)
            Statement();
        if (_indent > 3)
            _variables.RemoveRange(visible, _variables.Count - visible);
    }

    void Statement()
    {
        int kind = --_budget <= 0 ? random.Next(5) : random.Next(17);
        switch (kind)
        {
            case 0 or 1 or 2:
                Assign();
                break;
            case 3 when _arrayType is not null:
                Line($"m[{Expression("int", 1)} & 7] {Pick("=", "=", "^=", "+=")} ({_arrayType}){Expression("int", 2)};");
                break;
            case 4 when Target("int") is { } counter:
                Line(Pick($"{counter}++;", $"--{counter};"));
                break;
            case 5 when _indent > 2:
                Declare();
                break;
            case 6 or 7 or 8:
                Line($"if ({Expression("bool", 2)})");
                Block(random.Next(1, 3));
                if (random.Next(2) == 0)
                {
                    Line("else");
                    Block(random.Next(1, 3));
                }
                break;
            case 9 or 10 when _loops < 3:
                string k = $"k{_names++}";
                Line(random.Next(3) == 0 ? $"for (int {k} = {random.Next(1, 7)}; {k} > 0; {k}--)"
                    : $"for (int {k} = 0; {k} < {(random.Next(2) == 0 ? $"({Expression("int", 1)} & 3)" : $"{random.Next(1, 6)}")}; {k}++)");
                LoopBody(k);
                break;
            case 11 when _loops < 3:
                string w = $"k{_names++}";
                Line($"int {w} = 0;");
                Line($"while ({w}++ < {random.Next(1, 5)} && {Expression("bool", 1)})");
                LoopBody(w);
                break;
            case 12 when _loops < 3:
                string n = $"k{_names++}";
                Line($"int {n} = 0;");
                Line("do");
                LoopBody(n);
                Line($"while (++{n} < {random.Next(1, 5)});");
                break;
            case 13:
                Switch();
                break;
            case 14 when _arrayType is not null:
                (string helper, string first, string second) = random.Next(3) switch
                {
                    0 => ("H0", "int", "short"),
                    1 => ("H1", "long", "byte"),
                    _ => ("H2", "float", "int"),
                };
                if (Target(first) is { } target && Target(first) is { } result)
                    Line($"{result} {Pick("=", "+=")} {helper}(ref {target}, {Expression(second, 1)});");
                break;
            case 15 when _inLoop:
                Line($"if ({Expression("bool", 1)}) {Pick("break;", "continue;")}");
                break;
            case 16 when _arrayType is not null:
                Line(Pick($"c ^= s.Mix({Expression("int", 1)});", "{ Pair t = s; t.A = s.E; s.C += t.Mix(3); s.E ^= (short)t.A; }",
                    $"s = {Expression("bool", 1)} ? s : new Pair {{ A = s.E, C = {Expression("long", 1)} }};"));
                break;
            default:
                Assign();
                break;
        }
    }

    void LoopBody(string counter)
    {
        (bool wasIn, _inLoop) = (_inLoop, true);
        _loops++;
        _variables.Add((counter, "int", false));
        Block(random.Next(1, 4));
        _variables.RemoveAll(variable => variable.Name == counter);
        _loops--;
        _inLoop = wasIn;
    }

    void Block(int statements)
    {
        Open();
        Statements(statements);
        Close();
    }

    void Switch()
    {
        (bool wasIn, _inLoop) = (_inLoop, false);
        Line($"switch ({Expression(Pick("int", "uint", "long", "byte"), 2)}{Pick(" & 3", " % 5", "")})");
        Open();
        foreach (int label in Enumerable.Range(0, 4).Select(_ => random.Next(random.Next(2) == 0 ? 4 : 200)).Distinct())
        {
            Line($"case {label}:");
            Block(random.Next(1, 3));
            Line("break;");
        }
        if (random.Next(2) == 0)
        {
            Line("default:");
            Block(1);
            Line("break;");
        }
        Close();
        _inLoop = wasIn;
    }

    void Assign()
    {
        (string name, string type, _) = Choose(_variables.Where(variable => variable.CanAssign).ToArray());
        if (type is "bool" or "float" or "double" || random.Next(3) > 0)
            Line($"{name} = {Expression(type, 3)};");
        else if (random.Next(3) == 0)
            Line($"{name} {Pick("<<=", ">>=", ">>>=")} {Expression("int", 1)};");
        else
            Line($"{name} {Pick("+=", "-=", "*=", "^=", "|=", "&=")} {Expression(type, 2)};");
    }

    T Choose<T>(T[] from) => from[random.Next(from.Length)];

    string? Target(string type) => _variables.Where(variable => variable.Type == type && variable.CanAssign).Select(variable => variable.Name)
        .OrderBy(_ => random.Next()).FirstOrDefault();

    string Leaf(string type)
    {
        string[] names = [.. _variables.Where(variable => variable.Type == type).Select(variable => variable.Name)];
        if (names.Length > 0 && random.Next(4) > 0)
            return Choose(names);
        if (type == _arrayType && random.Next(2) == 0)
            return $"m[{random.Next(8)}]";
        return type switch
        {
            "bool" => Pick("true", "false"),
            "float" or "double" => string.Create(CultureInfo.InvariantCulture, $"Real({random.Next(-4000, 4000) / 16f:R}f)"),
            _ => $"({type})({(random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64) : random.Next(-3, 40))})",
        };
    }

    string Expression(string type, int depth)
    {
        if (depth == 0)
            return Leaf(type);
        string E(string of) => Expression(of, depth - 1);
        if (type == "bool")
            return random.Next(7) switch
            {
                0 => Leaf("bool"),
                1 => $"({E("bool")} {Pick("&&", "||", "&", "|", "^", "==", "!=")} {E("bool")})",
                2 => $"!{E("bool")}",
                _ => Relation(Pick("int", "uint", "long", "ulong", "float", "double", "short", "byte"), depth - 1),
            };
        if (type is "float" or "double")
            return random.Next(9) switch
            {
                0 => Leaf(type),
                1 => $"-({E(type)})",
                2 => type == "float" ? $"MathF.{Pick("Abs", "Floor", "Truncate", "Sqrt", "Ceiling")}({E(type)})" : $"Math.{Pick("Abs", "Floor", "Sqrt")}({E(type)})",
                3 => $"({type}){E(Pick(Wide))}",
                4 => $"({E("bool")} ? {E(type)} : {E(type)})",
                5 => $"({type}){E(type == "float" ? "double" : "float")}",
                _ => $"({E(type)} {Pick("+", "-", "*", "/")} {E(type)})",
            };
        if (Narrow.Contains(type))
            return random.Next(3) switch { 0 => Leaf(type), 1 => $"({type}){E("long")}", _ => $"({type}){E("int")}" };
        string positive = type is "long" or "ulong" ? "long.MaxValue" : "int.MaxValue";
        return random.Next(14) switch
        {
            0 => Leaf(type),
            1 => type == "ulong" ? $"~{E(type)}" : $"({type})({Pick("-", "~")}({E(type)}))",
            2 => $"({E(type)} {Pick("<<", ">>", ">>>")} {E("int")})",
            3 => $"({E(type)} {Pick("/", "%")} ({E(type)} & {positive} | 1))",
            4 => $"({E(type)} {Pick("/", "%")} {Pick("2", "8", "7", "64", "10")})",
            5 => $"({E("bool")} ? {E(type)} : {E(type)})",
            6 => $"({type}){E(Pick(Wide))}",
            7 => $"({type}){E(Pick(Narrow))}",
            8 => $"({type}){E(Pick("float", "double"))}",
            9 => $"Math.{Pick("Min", "Max")}({E(type)}, {E(type)})",
            _ => $"({E(type)} {Pick("+", "-", "*", "&", "|", "^")} {E(type)})",
        };
    }

    string Relation(string type, int depth) =>
        $"({Expression(type, depth)} {Pick("<", "<=", ">", ">=", "==", "!=")} {Expression(type, depth)})";

    void Line(string text) => _text.Append(' ', 4 * _indent).Append(text).Append('\n');

    void Open()
    {
        Line("{");
        _indent++;
    }

    void Close()
    {
        _indent--;
        Line("}");
    }
}

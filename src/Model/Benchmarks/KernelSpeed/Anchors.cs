using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// What other libraries reach on the same machine, as torch_anchors.py prints it: a line "name: … figure unit" for each, after a
/// line with the device and the library's version.
/// </summary>
/// <param name="Source">The first line.</param>
/// <param name="Rates">TFLOP/s, GB/s or tok/s by name.</param>
public sealed partial record Anchors(string Source, IReadOnlyDictionary<string, double> Rates)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">It can't be read, or has no figure.</exception>
    public static Anchors Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllLines(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--anchors {path}: {exception.Message} Fix: give the file that torch_anchors.py was redirected into.");
        }
    }

    /// <summary>Reads lines.</summary>
    /// <param name="name">How messages call them.</param>
    /// <param name="lines">As printed.</param>
    public static Anchors Parse(string name, IReadOnlyList<string> lines)
    {
        Dictionary<string, double> rates = [];
        foreach (string line in lines)
            if (Figure().Match(line) is { Success: true } figure)
                rates[figure.Groups["name"].Value] = double.Parse(figure.Groups["rate"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        return rates.Count > 0 ? new Anchors(lines[0], rates)
            : throw new UsageException($"--anchors {name}: no line has a figure in TFLOP/s, GB/s or tok/s, as 'gemm 4096x4096x4096: 0.194 ms 710 TFLOP/s': give what torch_anchors.py printed.");
    }

    /// <summary>The rate of a name; null where it wasn't measured.</summary>
    public double? Find(string name) => Rates.TryGetValue(name, out double rate) ? rate : null;

    [GeneratedRegex(@"^(?<name>[^:]+): .*?(?<rate>[0-9.]+) (TFLOP/s|GB/s|tok/s)")]
    private static partial Regex Figure();
}

using System.Globalization;
using IlgpuDca.Model;
using IlgpuDca.Model.Benchmarks.KernelSpeed;

namespace IlgpuDca.Cli.Commands;

/// <summary>What <see cref="BenchKernelsCommand"/> shows.</summary>
sealed class KernelReport(ComputeDevice device, Anchors? anchors, IReadOnlyList<KernelComparison> rows)
{
    /// <summary>Aligned lines.</summary>
    public void Print()
    {
        foreach (KernelComparison row in rows)
        {
            KernelFigure figure = row.Figure;
            string text = string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-26} {Rate(figure.Value),9} {figure.Unit,-7}  {Time(figure)}");
            if (row.Anchor is not null)
                text += $"  anchor {Rate(row.Anchor)}, ratio {Number(row.Ratio, "0.00")}";
            if (row.Target is not null)
                text += $"  target {Rate(row.Target)}: {Verdict(row)}";
            Results.Line(text);
        }
    }

    /// <summary>A page that stands alone: device, versions, method, table.</summary>
    public void PrintMarkdown()
    {
        Results.Line($"# Kernels on {device.Accelerator.Name}\n");
        Results.Line($"Device: {device.Identity}. Build: {Build.Version}. Anchors: {anchors?.Source ?? "not measured"}.");
        Results.Line("Medians of device events after a warm-up; a sample is one launch; where bytes count, one for each set of random bf16 inputs, which together exceed the L2 cache. "
            + "Copies count bytes read and written; attention counts the operations of plain causal attention. Targets of dca and qgemm are parts of dense attention's and the "
            + "bf16 product's rates, of which samples were taken in turn with theirs. Not timed: compiling, the host.\n");
        Results.Line("| kernel | ours | unit | median (fastest to slowest, samples) | anchor | ratio | target | met |");
        Results.Line("|---|---|---|---|---|---|---|---|");
        foreach (KernelComparison row in rows)
            Results.Line($"| {row.Figure.Name} | {Rate(row.Figure.Value)} | {row.Figure.Unit} | {Time(row.Figure)} | {Rate(row.Anchor)} | "
                + $"{Number(row.Ratio, "0.00")} | {Rate(row.Target)} | {Verdict(row)} |");
    }

    public void WriteJson() => Results.Json(json =>
    {
        json.WriteString("device", device.Identity);
        json.WriteString("version", Build.Version);
        json.WriteString("anchors", anchors?.Source);
        json.WriteStartArray("kernels");
        foreach (KernelComparison row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Figure.Name);
            json.WriteString("group", row.Figure.Group.ToString().ToLowerInvariant());
            json.WriteFinite("value", row.Figure.Value);
            json.WriteString("unit", row.Figure.Unit);
            json.WriteFinite("milliseconds", row.Figure.Milliseconds);
            json.WriteFinite("fastest_milliseconds", row.Figure.Fastest);
            json.WriteFinite("slowest_milliseconds", row.Figure.Slowest);
            json.WriteNumber("samples", row.Figure.Samples);
            if (row.Anchor is { } anchor)
            {
                json.WriteFinite("anchor", anchor);
                json.WriteFinite("ratio", row.Figure.Value / anchor);
            }
            if (row.Figure.Rival is { } rival)
                json.WriteFinite("rival", rival);
            if (row.Target is { } target)
                json.WriteFinite("target", target);
            if (row.IsMet is { } met)
                json.WriteBoolean("met", met);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    static string Time(KernelFigure figure) => string.Create(CultureInfo.InvariantCulture,
        $"{figure.Milliseconds:0.0000} ms ({figure.Fastest:0.0000} to {figure.Slowest:0.0000}, {figure.Samples})");

    /// <summary>A CPU's rates are thousandths.</summary>
    static string Rate(double? value) => Number(value, value >= 1 ? "0.0" : "G2");

    static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    static string Verdict(KernelComparison row) => row.IsMet switch
    {
        true => "yes",
        false => "no",
        null => "",
    };
}

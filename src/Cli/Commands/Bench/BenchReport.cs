using System.Globalization;
using System.Text.Json;
using IlgpuDca.Model;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Cli.Commands;

/// <summary>What <see cref="BenchCommand"/> shows.</summary>
sealed class BenchReport(LoadedModel model, DeviceLimits? limits, double loadSeconds)
{
    readonly List<SpeedRow> _rows = [];

    /// <summary>On stderr: what all rows share.</summary>
    public void PrintHeader()
    {
        Messages.Line(string.Create(CultureInfo.InvariantCulture, $"loaded in {loadSeconds:0.00} s"));
        if (limits is not null)
            Messages.Line(string.Create(CultureInfo.InvariantCulture,
                $"roofline: {limits.FlopsPerSecond / 1e12:0} TFLOP/s, {limits.BytesPerSecond / 1e9:0} GB/s read (measured)"));
    }

    public void Add(SpeedRow row, bool print)
    {
        _rows.Add(row);
        if (print)
            Results.Line(Describe(row));
    }

    public void WriteJson() => Results.Json(json =>
    {
        json.WriteString("model", model.Name);
        json.WriteString("device", model.Device.Name);
        json.WriteString("version", Build.Version);
        json.WriteString("dtype", LoadedModel.ModeName(model.Engine.Mode));
        json.WriteString("cache_type", LoadedModel.CacheName(model.Engine.Cache, model.Engine.Mode));
        json.WriteNumber("ubatch_size", model.Engine.SliceTokens);
        json.WriteFinite("load_seconds", loadSeconds);
        if (limits is not null)
        {
            json.WriteFinite("peak_flops_per_second", limits.FlopsPerSecond);
            json.WriteFinite("read_bytes_per_second", limits.BytesPerSecond);
        }
        json.WriteStartArray("results");
        foreach (SpeedRow row in _rows)
            Write(json, row);
        json.WriteEndArray();
    });

    static string Describe(SpeedRow row)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{row.Test,-18} {row.Mean,10:0.00} ± {row.Deviation:0.00} tok/s  ({row.Attention})");
        if (row.Roofline is { } roofline)
            text += string.Create(CultureInfo.InvariantCulture, $"  {row.Mean / roofline:0.0 %} of {roofline:0}");
        if (row.FirstTokenSeconds.Count > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"  first token {row.FirstTokenSeconds.Average():0.000} s (first run {row.WarmUpSeconds:0.00} s)");
        if (row.ReportedBytes is { } reported)
            text += string.Create(CultureInfo.InvariantCulture,
                $"  memory {Engine.Bytes(reported)}, plan {(double)row.PlannedBytes / reported - 1:+0.0 %;-0.0 %;0.0 %}, grown {row.GrowthBytes} bytes");
        return text;
    }

    static void Write(Utf8JsonWriter json, SpeedRow row)
    {
        json.WriteStartObject();
        json.WriteString("test", row.Test);
        json.WriteString("attention", row.Attention);
        json.WriteFinite("tokens_per_second", row.Mean);
        json.WriteFinite("deviation", row.Deviation);
        json.WriteStartArray("seconds");
        foreach (double seconds in row.Seconds)
            json.WriteFiniteValue(seconds);
        json.WriteEndArray();
        json.WriteFinite("warm_up_seconds", row.WarmUpSeconds);
        if (row.FirstTokenSeconds.Count > 0)
            json.WriteFinite("first_token_seconds", row.FirstTokenSeconds.Average());
        if (row.Roofline is { } roofline)
        {
            json.WriteFinite("roofline_tokens_per_second", roofline);
            json.WriteFinite("roofline_share", row.Mean / roofline);
        }
        json.WriteNumber("planned_bytes", row.PlannedBytes);
        if (row.ReportedBytes is { } reported)
            json.WriteNumber("reported_bytes", reported);
        if (row.GrowthBytes is { } growth)
            json.WriteNumber("growth_bytes", growth);
        json.WriteEndObject();
    }
}

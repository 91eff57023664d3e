using System.Globalization;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>A method as a word: its name, and what is changed of it after colons.</summary>
static class MethodText
{
    const string Keys = "s, pmax, window, factor and temperature";

    static readonly (string Name, TemperatureMode Mode)[] _temperatures =
        [("none", TemperatureMode.None), ("qwen", TemperatureMode.Qwen), ("chunkllama05", TemperatureMode.ChunkLlama05), ("chunkllama10", TemperatureMode.ChunkLlama10)];

    public static string NameOf(TemperatureMode mode) => _temperatures.FirstOrDefault(pair => pair.Mode == mode).Name ?? "auto";

    public static Method Parse(string text)
    {
        string[] parts = text.Split(':');
        Method method = Named(parts[0]);
        HashSet<string> seen = [];
        foreach (string part in parts.AsSpan(1))
        {
            string[] pair = part.Split('=');
            if (pair.Length != 2)
                throw new UsageException($"--method {text}: '{part}' is no change of a method, expected KEY=VALUE with one of {Keys}, as in dca:s=256:pmax=384.");
            if (!seen.Add(pair[0]))
                throw new UsageException($"--method {text}: {pair[0]} is given twice. Fix: leave one out.");
            method = Changed(method, text, pair[0], pair[1]);
        }
        return method;
    }

    static Method Named(string name)
    {
        IEnumerable<string> names = Methods.All.Select(method => method.Name);
        return Methods.All.FirstOrDefault(method => method.Name == name) ?? throw new UsageException(
            $"--method '{name}' is unknown{(Typo.Closest(name, names) is { } closest ? $" (did you mean {closest}?)" : "")}: there are {string.Join(", ", names)}.");
    }

    static Method Changed(Method method, string text, string key, string value)
    {
        switch (key)
        {
            case "s" when method.IsChunked:
                return method with { ChunkLength = Tokens(text, key, value, 1) };
            case "pmax" when method.IsChunked:
                return method with { MaxPosition = Tokens(text, key, value, 0) };
            case "window":
                return method with { Window = Tokens(text, key, value, 1) };
            case "factor" when method.Scaling is not null:
                return method with { Factor = Number(text, value) };
            case "temperature" when method.IsChunked:
                (string Name, TemperatureMode Mode)[] found = [.. _temperatures.Where(pair => pair.Name == value)];
                return found.Length == 1 ? method with { Temperature = found[0].Mode } : throw new UsageException(
                    $"--method {text}: temperature is '{value}', but must be one of {string.Join(", ", _temperatures.Select(pair => pair.Name))}.");
            case "s" or "pmax" or "temperature":
                throw new UsageException($"--method {text}: {method.Name} has no chunks, so {key} changes nothing. Fix: leave it out, or take a dca method.");
            case "factor":
                throw new UsageException($"--method {text}: {method.Name} scales nothing, so factor changes nothing. Fix: leave it out, or take a method on pi, ntk, dynamic or yarn.");
            default:
                throw new UsageException($"--method {text}: '{key}' is no change of a method, expected one of {Keys}.");
        }
    }

    static int Tokens(string text, string key, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) && tokens >= least && tokens <= int.MaxValue / 2 ? tokens
            : throw new UsageException($"--method {text}: {key} is '{value}', but must be a whole number from {least} to {int.MaxValue / 2}.");

    static double Number(string text, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double factor) && factor is >= 1 and <= 10_000 ? factor
            : throw new UsageException($"--method {text}: factor is '{value}', but must be a number from 1 to 10000.");
}

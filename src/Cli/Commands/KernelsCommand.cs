using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
#if !ILGPU_PACKAGE
using System.Text.Json;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model.Attention;
#endif

namespace IlgpuDca.Cli.Commands;

/// <summary>Every kernel that the model runs on the device, as it was compiled: a short text is run for that.</summary>
sealed class KernelsCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly Argument<string?> _name = new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Only kernels whose name has this in it." };
    readonly Option<bool> _ptx = Flag.Switch("--ptx", "Print the PTX.");
    readonly Option<bool> _ir = Flag.Switch("--ir", "Print the intermediate representation.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("kernels", "Every kernel of the model on the device: registers and memory, PTX, intermediate representation.");
        command.Add(_name);
        command.Add(_ptx);
        command.Add(_ir);
        _model.AddTo(command);
        command.Add(_json);
        return command;
    }

#if ILGPU_PACKAGE
    public int Run(ParseResult parsed, CancellationToken cancellation) =>
        throw new UsageException("this build uses the ILGPU package, which does not show its kernels: use the default build.");
#else
    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        Exercise(model.Engine, cancellation);
        string filter = parsed.GetValue(_name) ?? "";
        PtxTarget target = model.Device.PtxTarget ?? PtxTarget.Minimum;
        Entry[] entries = [.. model.Device.Accelerator.CompiledKernels()
            .Select(kernel => new Entry(NameOf(kernel), kernel))
            .Where(entry => entry.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        if (entries.Length == 0)
            throw new UsageException($"no kernel has '{filter}' in its name: ilgpudca kernels lists them.");
        bool ptx = parsed.GetValue(_ptx), ir = parsed.GetValue(_ir);
        Listing[] listings = List(entries, target, ptx, ir, cancellation);
        if (parsed.GetValue(_json))
            Results.Json(json => WriteJson(json, listings, model.Device.Name));
        else
            foreach (Listing listing in listings)
            {
                Results.Line(listing.Entry.Describe());
                foreach (string? text in (string?[])[listing.Ir, listing.Ptx])
                    if (text is not null)
                        Results.Line(text);
            }
        return ExitCode.Ok;
    }

    /// <summary>Runs everything that texts of this model can need, so that all of it is compiled: prefill, decode, draws, scores.</summary>
    static void Exercise(Engine engine, CancellationToken cancellation)
    {
        const int Most = 64;
        const int MostVectorRows = 8;
        foreach (AttentionMode mode in (AttentionMode[])[AttentionMode.Dense, AttentionMode.Dca])
        {
            AttentionPlan plan = AttentionPlan.Decide(engine.Config, new AttentionOptions { Mode = mode }, Most);
            for (int rows = 1; rows <= MostVectorRows; rows++)
            {
                using TextSession few = engine.Begin(plan, rows);
                few.Append(new int[rows], null, cancellation);
            }
            using TextSession session = engine.Begin(plan, Most);
            session.Score(new int[Most - 1], new int[Most - 1], null, cancellation);
            session.Append([0], null, cancellation);
            session.Sample(SamplingOptions.Greedy);
            session.Sample(new SamplingOptions { RepeatPenalty = 1.1f });
        }
    }

    /// <summary>Compiles the texts that were asked for, a kernel on each core.</summary>
    static Listing[] List(Entry[] entries, PtxTarget target, bool ptx, bool ir, CancellationToken cancellation) =>
    [
        .. entries.AsParallel().AsOrdered().WithCancellation(cancellation)
            .Select(entry => new Listing(entry, ir ? entry.Ir() : null, ptx ? entry.Ptx(target) : null)),
    ];

    static string NameOf(CompiledKernel kernel)
    {
        string type = kernel.Method.DeclaringType is { } declaring ? TypeName(declaring) : "";
        string specialized = string.Join(", ", kernel.Options.Specialized.OrderBy(pair => pair.Key)
            .Select(pair => $"{kernel.Method.GetParameters()[pair.Key].Name} = {pair.Value}"));
        return $"{type}.{kernel.Method.Name}" + (specialized.Length > 0 ? $" ({specialized})" : "");
    }

    static string TypeName(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>"
        : type.Name;

    static void WriteJson(Utf8JsonWriter json, Listing[] listings, string device)
    {
        json.WriteString("device", device);
        json.WriteStartArray("kernels");
        foreach (Listing listing in listings)
        {
            json.WriteStartObject();
            json.WriteString("name", listing.Entry.Name);
            if (listing.Entry.Kernel.Resources is { } resources)
            {
                json.WriteNumber("registers", resources.Registers);
                json.WriteNumber("local_bytes", resources.LocalBytes);
                json.WriteNumber("shared_bytes", resources.SharedBytes);
                json.WriteNumber("max_threads", resources.MaxThreadsPerGroup);
            }
            if (listing.Ir is { } ir)
                json.WriteString("ir", ir);
            if (listing.Ptx is { } ptx)
                json.WriteString("ptx", ptx);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A kernel with the texts that were asked for.</summary>
    sealed record Listing(Entry Entry, string? Ir, string? Ptx);

    sealed record Entry(string Name, CompiledKernel Kernel)
    {
        public string Describe() => Kernel.Resources is { } resources
            ? $"{Name}\t{resources.Registers} registers, {resources.LocalBytes} local bytes, {resources.SharedBytes} shared bytes, "
                + $"up to {resources.MaxThreadsPerGroup} threads"
            : Name;

        public string Ir() => Printer.Print(KernelCompiler.Compile(Kernel.Method, Kernel.Options));

        public string Ptx(PtxTarget target) =>
            PtxModule.Emit(KernelCompiler.Compile(Kernel.Method, Kernel.Options with { Target = CompileTarget.Cuda, Checked = false }), target);
    }
#endif
}

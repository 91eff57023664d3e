using ILGPU.Runtime;

namespace IlgpuDca.Verification;

/// <summary>Makes checks.</summary>
static class NewCheck
{
    /// <summary>A check with random inputs of its own; what it throws names it and its seed.</summary>
    public static Check Of(string name, Action<Accelerator, Inputs> run) => new(name, accelerator =>
    {
        Inputs inputs = new(name);
        try
        {
            run(accelerator, inputs);
        }
        catch (Exception problem) when (problem is not (CheckSkipped or AcceleratorException))
        {
            throw new CheckFailed($"{name}, seed {inputs.Seed}: {problem.Message}", problem);
        }
    });
}

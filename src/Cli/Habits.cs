namespace IlgpuDca.Cli;

/// <summary>Words that users of llama.cpp and Ollama type, and what does their work here.</summary>
static class Habits
{
    static readonly Dictionary<string, string> _here = new(StringComparer.Ordinal)
    {
        ["run"] = "'generate' continues a prompt, 'chat' holds a conversation",
        ["serve"] = "there is no server; 'chat' and 'generate' read standard input",
        ["pull"] = Downloads,
        ["-hf"] = Downloads,
        ["--hf-repo"] = Downloads,
        ["list"] = Downloads,
        ["ls"] = Downloads,
        ["show"] = "'inspect' tells what a model holds",
        ["help"] = "--help lists all",
        ["-ngl"] = Layers,
        ["--n-gpu-layers"] = Layers,
        ["--gpu-layers"] = Layers,
        ["-t"] = Cores,
        ["--threads"] = Cores,
        ["-fa"] = "attention is always computed that way; leave it out",
        ["--flash-attn"] = "attention is always computed that way; leave it out",
        ["-ctk"] = Cache,
        ["--cache-type-k"] = Cache,
        ["-ctv"] = Cache,
        ["--cache-type-v"] = Cache,
        ["--list-devices"] = "'ilgpudca devices' lists them",
        ["-cnv"] = "'ilgpudca chat' is the conversation",
    };

    const string Downloads = "nothing is downloaded or registered; --model takes the path of a folder or file";
    const string Layers = "all layers run on the device that --device names; leave it out";
    const string Cores = "all cores are used; leave it out";
    const string Cache = "--cache-type sets keys and values alike";

    /// <summary>What stands for a word here; null where it is not known from there.</summary>
    public static string? Here(string word) => _here.GetValueOrDefault(word);
}

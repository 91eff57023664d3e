using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>The keys that set architectures apart: experts, windows, biases, wrapped text decoders, the config for long texts.</summary>
public class ArchitectureTests
{
    static readonly string[] _tensorNames = [.. SyntheticModel.Tensors.Select(tensor => tensor.Name)];

    /// <summary>The synthetic model's config with these keys set; null takes one out.</summary>
    static JsonObject Config(string architecture, string type, params (string Key, JsonNode? Value)[] keys)
    {
        JsonObject config = JsonNode.Parse(SyntheticModel.Config)!.AsObject();
        config["architectures"] = new JsonArray(architecture);
        config["model_type"] = type;
        foreach ((string key, JsonNode? value) in keys)
        {
            config.Remove(key);
            if (value is not null)
                config[key] = value;
        }
        return config;
    }

    static ModelConfig Parse(JsonNode config) => ModelConfig.Parse("config.json", Bytes(config));

    static byte[] Bytes(JsonNode config) => Encoding.UTF8.GetBytes(config.ToJsonString());

    static JsonObject Moe(params (string Key, JsonNode? Value)[] keys) => Config("Qwen3MoeForCausalLM", "qwen3_moe",
        [("num_experts", 4), ("num_experts_per_tok", 2), ("moe_intermediate_size", 16), ("num_hidden_layers", 4), .. keys]);

    static string Refused(JsonNode config) => Refused(() => Parse(config));

    static string Refused(Action read)
    {
        string message = Assert.Throws<ModelFormatException>(read).Message;
        Assert.Contains("Fix: ", message, StringComparison.Ordinal);
        return message;
    }

    [Fact]
    public void ExpertsAreRead()
    {
        ModelConfig config = Parse(Moe(("norm_topk_prob", true)));
        Assert.Equal((4, 2, 16, true), (config.Experts!.Count, config.Experts.PerToken, config.Experts.IntermediateSize, config.Experts.Renormalises));
        Assert.All(Enumerable.Range(0, 4), layer => Assert.True(config.HasExperts(layer)));
        Assert.True(config.HasHeadNorms);
        Assert.False(Parse(Moe()).Experts!.Renormalises);
        Assert.Equal(4, Parse(Moe(("num_experts", null), ("num_local_experts", 4))).Experts!.Count);
        Assert.Null(Parse(Config("Qwen3ForCausalLM", "qwen3", ("num_experts", 4))).Experts);
    }

    [Theory]
    [InlineData(2, "[]", "0101")]
    [InlineData(2, "[3]", "0100")]
    [InlineData(3, "[]", "0010")]
    [InlineData(1, "[0,2]", "0101")]
    public void LayersHaveExpertsByStepAndList(int step, string dense, string expected)
    {
        ModelConfig config = Parse(Moe(("decoder_sparse_step", step), ("mlp_only_layers", JsonNode.Parse(dense))));
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 4).Select(layer => config.HasExperts(layer) ? '1' : '0')));
    }

    [Theory]
    [InlineData("num_experts", "0")]
    [InlineData("num_experts", "5000")]
    [InlineData("num_experts", "4.5")]
    [InlineData("num_local_experts", "5")]
    [InlineData("num_experts_per_tok", "5")]
    [InlineData("num_experts_per_tok", "0")]
    [InlineData("num_experts_per_tok", "null")]
    [InlineData("moe_intermediate_size", "12")]
    [InlineData("moe_intermediate_size", "-8")]
    [InlineData("norm_topk_prob", "1")]
    [InlineData("decoder_sparse_step", "0")]
    [InlineData("decoder_sparse_step", "5")]
    [InlineData("mlp_only_layers", "[4]")]
    [InlineData("mlp_only_layers", "[0,1,2,3]")]
    [InlineData("shared_expert_intermediate_size", "16")]
    [InlineData("use_sliding_window", "true")]
    public void WrongExpertKeysAreRefused(string key, string value) =>
        Assert.Contains($"'{key}'", Refused(Moe((key, JsonNode.Parse(value)))), StringComparison.Ordinal);

    [Fact]
    public void ExpertsTensorsAreChecked()
    {
        JsonObject config = Moe(("num_hidden_layers", 1));
        (string Name, long[] Shape)[] all =
        [
            .. SyntheticModel.Tensors.Where(tensor => !tensor.Name.Contains(".mlp.", StringComparison.Ordinal)),
            ("model.layers.0.self_attn.q_norm.weight", [8]), ("model.layers.0.self_attn.k_norm.weight", [8]), ("model.layers.0.mlp.gate.weight", [4, 16]),
            .. Enumerable.Range(0, 4).SelectMany(e => ((string, long[])[])
            [
                ($"model.layers.0.mlp.experts.{e}.gate_proj.weight", [16, 16]), ($"model.layers.0.mlp.experts.{e}.up_proj.weight", [16, 16]),
                ($"model.layers.0.mlp.experts.{e}.down_proj.weight", [16, 16]),
            ]),
        ];
        using (LlamaFiles files = Open(config, all))
        {
            Assert.Equal(4, files.Tensors.Layers[0].FeedForward.Length);
            Assert.Equal("model.layers.0.mlp.experts.3.up_proj.weight", files.Tensors.Layers[0].FeedForward[3].Up.Info.Name);
        }
        foreach ((string name, _) in all)
            Assert.Contains($"has no '{name}'", Refused(() => Open(config, all.Where(tensor => tensor.Name != name))), StringComparison.Ordinal);
        Assert.Contains("shared_expert", Refused(() => Open(config, [.. all, ("model.layers.0.mlp.shared_expert.up_proj.weight", [16, 16])])), StringComparison.Ordinal);
    }

    [Fact]
    public void WindowsAreOfTheLayersThatTheKeysName()
    {
        Assert.Null(Parse(Config("MistralForCausalLM", "mistral")).Window);
        Assert.Null(Parse(Config("LlamaForCausalLM", "llama", ("sliding_window", 8))).Window);
        WindowConfig all = Parse(Config("MistralForCausalLM", "mistral", ("sliding_window", 8), ("num_hidden_layers", 3))).Window!;
        Assert.Equal((8, true, true), (all.Tokens, all.IsIn(0), all.IsIn(2)));

        (string, JsonNode?)[] switched = [("num_hidden_layers", 3), ("sliding_window", 8), ("max_window_layers", 1)];
        Assert.Null(Parse(Config("Qwen2ForCausalLM", "qwen2", switched)).Window);
        WindowConfig late = Parse(Config("Qwen2ForCausalLM", "qwen2", [.. Fresh(), ("use_sliding_window", true)])).Window!;
        Assert.Equal((false, true, true), (late.IsIn(0), late.IsIn(1), late.IsIn(2)));
        WindowConfig typed = Parse(Config("Qwen3ForCausalLM", "qwen3",
            [.. Fresh(), ("use_sliding_window", true), ("layer_types", new JsonArray("sliding_attention", "full_attention", "sliding_attention"))])).Window!;
        Assert.Equal((true, false, true), (typed.IsIn(0), typed.IsIn(1), typed.IsIn(2)));
        Assert.Null(Parse(Config("Qwen2ForCausalLM", "qwen2", ("use_sliding_window", true), ("sliding_window", 8), ("max_window_layers", 28))).Window);

        static (string, JsonNode?)[] Fresh() => [("num_hidden_layers", 3), ("sliding_window", 8), ("max_window_layers", 1)];
    }

    [Theory]
    [InlineData("sliding_window", "null", "sliding_window")]
    [InlineData("sliding_window", "0", "sliding_window")]
    [InlineData("max_window_layers", "null", "max_window_layers")]
    [InlineData("max_window_layers", "-1", "max_window_layers")]
    [InlineData("layer_types", "[\"full_attention\"]", "layer_types")]
    [InlineData("layer_types", "[\"full_attention\",\"linear_attention\"]", "layer_types")]
    public void WrongWindowKeysAreRefused(string key, string value, string named)
    {
        (string, JsonNode?)[] keys = [("num_hidden_layers", 2), ("use_sliding_window", true), ("sliding_window", 8), ("max_window_layers", 0), (key, JsonNode.Parse(value))];
        Assert.Contains($"'{named}'", Refused(Config("Qwen2ForCausalLM", "qwen2", keys)), StringComparison.Ordinal);
    }

    [Fact]
    public void BiasesFollowTheArchitecture()
    {
        ModelConfig llama = Parse(Config("LlamaForCausalLM", "llama", ("attention_bias", true))), qwen2 = Parse(Config("Qwen2ForCausalLM", "qwen2"));
        Assert.Equal((true, true, true, false), (llama.HasQkvBias, llama.HasOutputBias, qwen2.HasQkvBias, qwen2.HasOutputBias));
        Assert.Contains("'attention_bias'", Refused(Config("MistralForCausalLM", "mistral", ("attention_bias", true))), StringComparison.Ordinal);
        (string Name, long[] Shape)[] biases =
            [("model.layers.0.self_attn.q_proj.bias", [16]), ("model.layers.0.self_attn.k_proj.bias", [8]), ("model.layers.0.self_attn.v_proj.bias", [8]), ("model.layers.0.self_attn.o_proj.bias", [16])];
        JsonObject config = Config("LlamaForCausalLM", "llama", ("attention_bias", true));
        using (LlamaFiles files = Open(config, [.. SyntheticModel.Tensors, .. biases]))
            Assert.Equal((3, 1), (files.Tensors.Layers[0].QkvBias.Length, files.Tensors.Layers[0].OutputBias.Length));
        foreach ((string name, _) in biases)
            Assert.Contains($"'{name}'", Refused(() => Open(config, [.. SyntheticModel.Tensors, .. biases.Where(bias => bias.Name != name)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("language_model.", "language_model.lm_head.weight")]
    [InlineData("newer", "lm_head.weight")]
    public void TheTextDecoderOfALlavaModelIsRead(string layout, string output)
    {
        JsonObject root = Llava();
        string Named(string name) => layout == "newer" ? name.Replace("model.", "model.language_model.", StringComparison.Ordinal) : layout + name;
        string vision = layout == "newer" ? "model.vision_tower.patch_conv.weight" : "vision_tower.patch_conv.weight";
        (string Name, long[] Shape)[] tensors =
            [.. SyntheticModel.Tensors.Select(tensor => (Named(tensor.Name), tensor.Shape)), (output, [11, 16]), (vision, [3, 5]), (layout == "newer" ? "model.multi_modal_projector.linear_1.weight" : "multi_modal_projector.linear_1.weight", [2, 2])];
        using (LlamaFiles files = Open(root, tensors))
        {
            ModelConfig config = files.Config;
            Assert.Equal(("LlavaForConditionalGeneration", true, 16, 64, false, 1e9), (config.Architecture, config.IsWrapped, config.HiddenSize, config.MaxPositionEmbeddings, config.TieWordEmbeddings, config.Rope.Theta));
            // The class' own values stand in for what a nested config leaves out.
            Assert.Equal((1e-6, 4096), (config.RmsNormEpsilon, config.Window!.Tokens));
            Assert.Equal(output, files.Tensors.Output.Info.Name);
            Assert.Equal(Named("model.norm.weight"), files.Tensors.FinalNorm.Info.Name);
        }
        foreach (string name in _tensorNames)
            Assert.Contains($"has no '{Named(name)}'", Refused(() => Open(root, tensors.Where(tensor => tensor.Name != Named(name)))), StringComparison.Ordinal);
        Assert.Contains("'audio_tower.weight'", Refused(() => Open(root, [.. tensors, ("audio_tower.weight", [2])])), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsOfALlavaConfigNameTheirPlace()
    {
        JsonObject root = Llava();
        root["text_config"]!["hidden_size"] = "16";
        Assert.Contains("'text_config.hidden_size'", Refused(root), StringComparison.Ordinal);
        root = Llava();
        root["text_config"]!["model_type"] = "gemma";
        Assert.Contains("'text_config.model_type'", Refused(root), StringComparison.Ordinal);
        root = Llava();
        root.Remove("text_config");
        Assert.Contains("'text_config'", Refused(root), StringComparison.Ordinal);
        root["text_config"] = 7;
        Assert.Contains("'text_config'", Refused(root), StringComparison.Ordinal);
    }

    [Fact]
    public void TheConfigForLongTextsIsFound()
    {
        JsonObject plain = Config("LlamaForCausalLM", "llama", ("dual_chunk_attention_config", null));
        JsonObject longer = Config("LlamaForCausalLM", "llama", ("max_position_embeddings", 1000));
        ModelConfig config = Open(plain, longer);
        Assert.Null(config.DualChunk);
        Assert.Equal((64, new DualChunkConfig(20, 5, 0)), (config.MaxPositionEmbeddings, config.LongDualChunk));

        longer["dual_chunk_attention_config"]!["local_size"] = 20;
        string message = Refused(() => Open(plain, longer));
        Assert.StartsWith("memory/config_1m.json", message, StringComparison.Ordinal);
        Assert.Contains("'dual_chunk_attention_config.local_size'", message, StringComparison.Ordinal);
        Assert.Contains("another model", Refused(() => Open(plain, Config("LlamaForCausalLM", "llama", ("hidden_size", 32)))), StringComparison.Ordinal);
        // A config with a block of its own needs no other.
        Assert.Null(Open(Config("LlamaForCausalLM", "llama"), Config("LlamaForCausalLM", "llama", ("hidden_size", 32))).LongDualChunk);
    }

    [Fact]
    public void WhatEndsAnAnswerMayStandBesideTheConfig()
    {
        int[] Ends(string generation) => [.. ModelConfig.Open(SyntheticModel.Source(
            ("config.json", Bytes(Config("LlamaForCausalLM", "llama", ("eos_token_id", 2)))),
            (ModelConfig.GenerationFileName, System.Text.Encoding.UTF8.GetBytes(generation)))).EosIds];
        Assert.Equal([2, 5, 7], Ends("""{"eos_token_id": [5, 2, 7], "temperature": 0.6}"""));
        Assert.Equal([2, 3], Ends("""{"eos_token_id": 3}"""));
        Assert.Equal([2], Ends("{}"));
        Assert.Equal([2, 4], Ends("\uFEFF{\"eos_token_id\": 4}"));
        string message = Refused(() => Ends("""{"eos_token_id": 99999999}"""));
        Assert.StartsWith("memory/generation_config.json: 'eos_token_id' is 99999999", message, StringComparison.Ordinal);
        Assert.EndsWith("Fix: correct generation_config.json, or take it away.", message, StringComparison.Ordinal);
        Assert.StartsWith("memory/generation_config.json", Refused(() => Ends("[")), StringComparison.Ordinal);
    }

    static JsonObject Llava()
    {
        JsonObject text = new() { ["model_type"] = "mistral", ["rope_theta"] = 1e9 };
        foreach (string key in (string[])["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "max_position_embeddings"])
            text[key] = JsonNode.Parse(SyntheticModel.Config)![key]!.DeepClone();
        text["eos_token_id"] = 2;
        return new JsonObject { ["architectures"] = new JsonArray("LlavaForConditionalGeneration"), ["model_type"] = "llava", ["text_config"] = text, ["vision_config"] = new JsonObject() };
    }

    static LlamaFiles Open(JsonNode config, IEnumerable<(string, long[])> tensors) =>
        LlamaFiles.Open(SyntheticModel.Source(("config.json", Bytes(config)), ("model.safetensors", SyntheticModel.Weights(tensors))));

    static ModelConfig Open(JsonNode plain, JsonNode longer) =>
        ModelConfig.Open(SyntheticModel.Source(("config.json", Bytes(plain)), (ModelConfig.LongFileName, Bytes(longer))));
}

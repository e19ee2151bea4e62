using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Base.Needs;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Reads the children of core or of a vcore.</summary>
public static class ChildReader
{
    /// <summary>IParent.MaximumServices: a parent takes the announcement of no more.</summary>
    public const int ServicesOfOne = 4;

    /// <summary>Enough for a small component's image, stack and a few sessions.</summary>
    private const ulong DefaultRam = ByteSize.Mebi;
    private const uint DefaultCapabilities = ComponentNeeds.Capabilities;
    internal const uint LargestCapabilities = 1 << 20;
    private const uint LargestHeartbeat = 3_600_000;

    /// <summary>Below vcores, above nothing: components share what core and the vcores leave.</summary>
    public const uint DefaultPriority = 100;

    private static readonly Dictionary<string, ExitPolicy> _exitPolicies = new()
    {
        ["keep"] = ExitPolicy.Keep,
        ["propagate"] = ExitPolicy.Propagate,
    };

    private static readonly Dictionary<string, RestartCause> _restartCauses = new()
    {
        ["crash"] = RestartCause.Crash,
        ["failure"] = RestartCause.Failure,
        ["end"] = RestartCause.End,
    };

    internal static IReadOnlyList<ChildDescription> Read(
        IReadOnlyList<SourceValue> values,
        bool ofCore,
        Diagnostics diagnostics
    ) => values.Select(value => ReadOne(value, ofCore, diagnostics)).ToArray();

    private static ChildDescription ReadOne(SourceValue value, bool ofCore, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(value, "a child", diagnostics);
        (uint x, uint width) = Affinity(reader.Optional("affinity"), diagnostics);
        (uint restarts, RestartCause cause) = Restart(reader.Optional("restart"), diagnostics);
        var child = new ChildDescription
        {
            Name = NameRules.Name(reader, "name", diagnostics),
            Binary = NameRules.Name(reader, "binary", diagnostics),
            BinaryPosition = reader.PositionOf("binary"),
            Arguments = NameRules.Text(reader, "arguments", ConfigurationLimits.TextBytes, diagnostics),
            RamQuota = reader.OptionalSize("ram", DefaultRam),
            RamPosition = reader.PositionOf("ram"),
            CapabilityQuota = reader.OptionalNumber("capabilities", 1, LargestCapabilities, DefaultCapabilities),
            CapabilityPosition = reader.PositionOf("capabilities"),
            Priority = reader.OptionalNumber("priority", 0, ConfigurationLimits.Priority, DefaultPriority),
            Cluster = ofCore ? Cluster(reader, diagnostics) : ChildRecord.ClusterFromAffinity,
            ClusterPosition = reader.PositionOf("cluster"),
            AffinityX = x,
            AffinityWidth = width,
            AffinityPosition = reader.PositionOf("affinity"),
            ExitPolicy = reader.OptionalChoice("exit", ExitPolicy.Keep, _exitPolicies),
            Essential = reader.OptionalFlag("essential", false),
            MayTrace = reader.OptionalFlag("trace", false),
            HeartbeatMilliseconds = reader.OptionalNumber("heartbeat", 0, LargestHeartbeat, 0),
            Restarts = restarts,
            RestartCause = cause,
            Services = Services(reader, diagnostics),
            Routes = RouteReader.Read(reader.OptionalList("routes"), diagnostics),
            Position = value.Position,
        };
        reader.NotRead("exit", "the others are kept");
        reader.NotRead("heartbeat", "nobody asks whether the child still answers");
        reader.Finish();
        return child;
    }

    private static uint Cluster(ObjectReader reader, Diagnostics diagnostics)
    {
        SourceValue? value = reader.Optional("cluster");
        if (value is null or { Kind: SourceKind.Text, Text: "boot" })
        {
            return ChildRecord.BootCluster;
        }
        bool number = value.Kind == SourceKind.Number;
        if (number && uint.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint cluster))
        {
            return cluster;
        }
        diagnostics.Error(
            value.Position,
            DiagnosticCode.WrongValue,
            $"\"cluster\" must be \"boot\" or a number, not {value.Description}"
        );
        return ChildRecord.BootCluster;
    }

    private static (uint X, uint Width) Affinity(SourceValue? value, Diagnostics diagnostics)
    {
        if (value is null)
        {
            return (0, 1);
        }
        var reader = new ObjectReader(value, "an affinity", diagnostics);
        uint x = reader.OptionalNumber("x", 0, ConfigurationLimits.Identifiers, 0);
        uint width = reader.OptionalNumber("width", 1, ConfigurationLimits.Identifiers, 1);
        reader.Finish();
        return (x, width);
    }

    private static (uint Times, RestartCause On) Restart(SourceValue? value, Diagnostics diagnostics)
    {
        if (value is null)
        {
            return (0, RestartCause.Failure);
        }
        var reader = new ObjectReader(value, "a restart", diagnostics);
        bool isWhole = value.Kind == SourceKind.Object;
        uint times = isWhole ? reader.RequiredNumber("times", 1, ConfigurationLimits.Restarts) : 0;
        RestartCause on = reader.OptionalChoice("on", RestartCause.Failure, _restartCauses);
        reader.Finish();
        return (times, on);
    }

    private static IReadOnlyList<string> Services(ObjectReader reader, Diagnostics diagnostics)
    {
        var services = new List<string>();
        foreach (SourceValue value in reader.OptionalList("provides"))
        {
            if (value.Kind != SourceKind.Text)
            {
                diagnostics.Error(
                    value.Position,
                    DiagnosticCode.WrongValue,
                    $"\"provides\" must list names of services, not {value.Description}"
                );
                continue;
            }
            NameRules.Check(value.Text, "provides", value.Position, diagnostics);
            if (UnreadRoutes.IsOfStart(value.Text))
            {
                string reason =
                    $"nobody comes to \"{value.Text}\" of a child: each child has its session from the start";
                diagnostics.Error(value.Position, DiagnosticCode.NeverAsked, reason);
            }
            if (services.Contains(value.Text))
            {
                string reason = $"\"provides\" names \"{value.Text}\" twice";
                diagnostics.Error(value.Position, DiagnosticCode.GivenTwice, reason);
            }
            services.Add(value.Text);
        }
        if (services.Count > ServicesOfOne)
        {
            string reason =
                $"\"provides\" names {services.Count} services, and a component offers at most {ServicesOfOne}";
            diagnostics.Error(reader.PositionOf("provides"), DiagnosticCode.TooMany, reason);
        }
        return services;
    }
}

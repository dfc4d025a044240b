import aws_cdk as cdk
from cdk_wrapped_web_app import WrappedWebApp
from constructs import Construct


class DiceStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        web = WrappedWebApp(
            self,
            "Web",
            entry="web/main.py",
            front_door="http-api",
            memory_size=512,
            environment={"SIDES": "20"},
        )
        # What the construct makes are the CDK's own objects.
        web.metric5xx(period=cdk.Duration.minutes(1)).create_alarm(self, "Failing", threshold=5, evaluation_periods=3)


app = cdk.App()
DiceStack(app, "Dice")
app.synth()

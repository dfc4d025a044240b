import os
import random

from flask import Flask, redirect, render_template, request, url_for

app = Flask(__name__)
SIDES = int(os.environ.get("SIDES", "6"))


@app.get("/")
def index():
    return render_template("index.html", sides=SIDES, rolls=request.args.getlist("roll"))


@app.post("/roll")
def roll():
    rolls = [random.randint(1, SIDES) for _ in range(int(request.form["dice"]))]
    return redirect(url_for("index", roll=rolls))
